"""The answer to a log: what was kept, where each patient stands, and the way back."""

from collections.abc import Iterator

from billing.activities import Activity
from billing.references import entry_reference
from bot import kit, words
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.entries.pending import Asked
from services.entries.receipts import EntryView, Receipt

#: A receipt of more entries than this names them in fewer words, so that it fits Slack's 50 blocks.
DETAILED_ENTRIES = 8


def log_answer(outcome: Receipt | Asked | None) -> Reply:
    """A receipt, the question that stands before it, or word that nothing was stored."""
    if outcome is None:
        return Reply(text=words.NOTHING_LOGGED, blocks=(kit.section(words.NOTHING_LOGGED),))
    return question(outcome) if isinstance(outcome, Asked) else receipt(outcome)


def receipt(made: Receipt) -> Reply:
    """Entries as kept, each patient's standing, and the buttons that work on them."""
    return Reply(text=words.logged_push(len(made.entries)), blocks=tuple(_receipt_blocks(made)))


def undone(made: Receipt) -> Reply:
    """What was taken back, and where the patients stand without it."""
    lines = [words.undone(view) for view in made.entries]
    lines.append(words.standings(made.standings, made.today))
    return Reply(text=words.UNDONE_PUSH, blocks=(kit.section("\n".join(lines)),))


def question(asked: Asked) -> Reply:
    """What must be answered before anything is stored; each answer is a button."""
    choices = [
        kit.button(choice.label, f"{ActionId.ANSWER}_{number}", f"{asked.pending_id}:{number}")
        for number, choice in enumerate(asked.question.choices)
    ]
    return Reply(
        text=words.QUESTION_PUSH,
        blocks=(
            kit.section(kit.escape(asked.question.message)),
            kit.actions(choices),
            kit.context(words.QUESTION_EXPIRES),
        ),
    )


def _receipt_blocks(made: Receipt) -> Iterator[Block]:
    if made.repeated:
        yield kit.context(words.REPEATED)
    if len(made.entries) <= DETAILED_ENTRIES:
        for view in made.entries:
            yield kit.section(words.logged(view, made.today))
            if view.note:
                yield kit.plain_context(view.note)
            if view.remarks:
                yield kit.context(*(kit.escape(remark) for remark in view.remarks))
    else:
        yield kit.section("\n".join(words.logged(view, made.today) for view in made.entries))
        remarks = tuple(dict.fromkeys(remark for view in made.entries for remark in view.remarks))
        if remarks:
            yield kit.context(*(kit.escape(remark) for remark in remarks))
    yield kit.section(words.standings(made.standings, made.today))
    warnings = words.all_missing(made.standings)
    if warnings:
        yield kit.context(*warnings)
    yield kit.actions(tuple(_buttons(made)))


def _buttons(made: Receipt) -> Iterator[Block]:
    yield kit.button("Undo", ActionId.UNDO, str(made.receipt_id))
    if len(made.entries) == 1:
        view = made.entries[0]
        reference = entry_reference(view.entry.entry_id)
        if view.entry.is_held:
            value = f"{reference}:{view.entry.activity}"
            yield kit.button(words.confirm_activity(view.entry.activity), ActionId.CONFIRM_ACTIVITY, value)
        if view.other_date is not None:
            label = words.other_date(view.other_date, made.today)
            yield kit.button(label, ActionId.SET_DATE, f"{reference}:{view.other_date.isoformat()}")
        yield kit.button("Edit", ActionId.EDIT, reference)
        yield _activity_menu(view)


def _activity_menu(view: EntryView) -> Block:
    """One tap changes what the words were taken for."""
    reference = entry_reference(view.entry.entry_id)
    options = [kit.option(activity.label, f"{reference}:{activity}") for activity in Activity]
    shown = next(option for option in options if option["value"].endswith(f":{view.entry.activity}"))
    return {
        "type": "static_select",
        "action_id": ActionId.SET_ACTIVITY,
        "placeholder": {"type": "plain_text", "text": words.ACTIVITY_MENU},
        "options": options,
        "initial_option": shown,
    }
