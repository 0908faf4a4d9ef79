"""The answer to an undo, and to putting back: everything that went, where patients stand, and the way back."""

from collections.abc import Iterator, Sequence
from datetime import date

from billing.durations import spoken
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply
from bot.screens.entry_lines import logged_line, undone_line
from bot.screens.facts import fact_lines
from bot.screens.lines import fitting, sections
from bot.screens.phrases import day_name, more
from bot.screens.standings import standing_lines
from services.acts.went import EntryWent, FactWent, MoreToUndo, TakenBack, TurnedRound, Went
from services.entries.receipts import EntryView
from services.people.patients import shown_mrn

QUESTION_PUSH = "One question before more is undone."
REPEATED = "Slack delivered this twice; it was done once."
PUT_BACK = "Put it back"
UNDO = "Undo"
UNDO_TOO = "Undo that, too"
#: Characters of the list of what went.
_LIST = 6_000


def undo_answer(outcome: TakenBack | MoreToUndo) -> Reply:
    """What was taken back, or the question whether more is meant."""
    return taken_back(outcome) if isinstance(outcome, TakenBack) else _question(outcome)


def taken_back(made: TakenBack) -> Reply:
    """Everything that went or came back, and the button that reverses that."""
    return Reply(text=f"{made.how}.", blocks=tuple(_blocks(made)))


def undo_button(act_id: int, about: str = "") -> Block:
    """Takes back one act, whatever it was; `about` says in words what."""
    return kit.button(UNDO, ActionId.UNDO_ACT, str(act_id), about=about)


def _blocks(made: TakenBack) -> Iterator[Block]:
    if made.repeated:
        yield kit.context(REPEATED)
    lines = [line for one in made.went for line in _lines(one, made.today)]
    if not all(isinstance(one, EntryWent) and _is_plain(one) for one in made.went):
        where = _where_kept(made.went) if made.how is TurnedRound.UNDONE else ""
        lines.insert(0, f"*{made.how}: {' and '.join(made.names)}.*{where}")
    yield from _listed(lines)
    if made.standings:
        yield from sections(fitting(standing_lines(made.standings, made.today).split("\n"), _LIST // 2))
    if made.remarks:
        yield kit.context(*(kit.escape(remark) for remark in made.remarks))
    names = " and ".join(made.names)
    if made.how is TurnedRound.PUT_BACK:
        yield kit.actions([undo_button(made.act_id, names)])
    else:
        yield kit.actions([kit.button(PUT_BACK, ActionId.PUT_BACK, str(made.act_id), about=names)])


def _where_kept(went: Sequence[Went]) -> str:
    """Where the history of care facts is seen; of entries, their lines say it."""
    patient = next((one.patient for one in went if isinstance(one, FactWent) and one.patient), None)
    return f" `/cocm history {kit.escape(shown_mrn(patient.mrn))}` shows what it was." if patient else ""


def _question(asked: MoreToUndo) -> Reply:
    ago = "a second" if asked.seconds_ago == 1 else f"{asked.seconds_ago} seconds"
    undone = " and ".join(asked.undone) or "something"
    lines = [f"You took back {undone} {ago} ago. Take back {asked.name} before that, too?"]
    lines += [line for one in asked.went for line in _would(one, asked.today)]
    buttons = [
        kit.button(UNDO_TOO, ActionId.UNDO_ACT, str(asked.act_id), about=asked.name),
        kit.button(f"{PUT_BACK} instead", ActionId.PUT_BACK, str(asked.undone_by), about=undone),
    ]
    return Reply(text=QUESTION_PUSH, blocks=(*_listed(lines), kit.actions(buttons)))


def _listed(lines: Sequence[str]) -> list[Block]:
    shown = fitting(lines, _LIST)
    blocks = sections(shown)
    if len(shown) < len(lines):
        blocks.append(kit.context(more(len(lines) - len(shown), "line")))
    return blocks


def _is_plain(went: EntryWent) -> bool:
    """Whether an entry was simply undone."""
    return went.before is not None and went.after is None


def _lines(went: Went, today: date) -> list[str]:
    """What is now otherwise."""
    if isinstance(went, FactWent):
        return fact_lines(went, today)
    if went.after is None:
        return [undone_line(went.before)] if went.before else []
    if went.before is None:
        return [logged_line(went.after, today).replace("*Logged ", "*Back: ", 1)]
    reference = entry_reference(went.after.entry.entry_id)
    return [f"*`{reference}` is again {_entry(went.after, today)}.* It was {_entry(went.before, today)}."]


def _would(went: Went, today: date) -> list[str]:
    """What an act did, before it is taken back."""
    if isinstance(went, FactWent):
        return fact_lines(went, today)
    if went.after is not None:
        return [f"`{entry_reference(went.after.entry.entry_id)}`: {_entry(went.after, today)}"]
    if went.before is not None:
        return [f"`{entry_reference(went.before.entry.entry_id)}`, voided: {_entry(went.before, today)}"]
    return []


def _entry(view: EntryView, today: date) -> str:
    what = f"{spoken(view.entry.seconds)} for {kit.escape(shown_mrn(view.patient.mrn))}"
    words = [what, view.entry.activity.label, day_name(view.entry.service_date, today)]
    if view.note:
        words.append(f"“{kit.escape(kit.clip(view.note, 60))}”")
    return " · ".join(words)
