"""A file that somebody sent: what it holds, what importing it would do, what has to be answered, and what was done."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from billing.durations import spoken
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, more
from services.imports.load import KINDS
from services.imports.outcome import ImportOutcome, Question, RowProblem
from services.imports.sent import KEPT_FOR, FilePreview
from services.imports.tables.columns import kinds_of_files
from services.imports.undo import ImportTakenBack
from services.imports.went_words import listed_went

PUSH = "Your file was read. Nothing is stored yet."
IMPORTED_PUSH = "Your file was imported."
UNDONE_PUSH = "An import was taken back."
NOT_IMPORTED_PUSH = "Your file was not imported."
IMPORTING = "*Importing your file…* This takes a moment; `/cocm imports` shows every import that is done."
UNDO_IMPORT = "Undo the import"
ANSWER = "Use these answers"
CANCELED = (
    "*Not imported.* Nothing of the file was stored. If it names patients and need not be here, delete it."
)
#: What is left of the words beside a file.
WORDS_LEFT = "I read the file, and not the words beside it: nothing of them was logged."
#: So much of a message is for each kind of lines.
_PROBLEMS, _NOTES, _TOTALS = 3_000, 2_200, 1_200
_QUESTIONS = 6
_LINES = 5
_OPTION = re.compile(r"--\w")
_ON_THE_SERVER = (
    "Words that begin with `--` are options of `cocm import` on the server. "
    "Here, correct the file and send it again."
)
#: Columns whose cells tell who a patient is.
_WHO = frozenset({"first_name", "last_name", "birth_date"})
_WHO_UNREADABLE = "This cell cannot be taken. Look at it in the file."
#: Options of the command that a button says instead.
_SAYING = re.compile(
    r"\b(?:[Aa]dd |[Uu]se )?--(?P<name>dates|unit) (?P<value>mdy|dmy|serial|minutes|hours|seconds)\b"
)
_SAYINGS = {
    ("dates", "mdy"): "Dates are month/day",
    ("dates", "dmy"): "Dates are day/month",
    ("dates", "serial"): "Dates are day numbers",
    ("unit", "minutes"): "Time is in minutes",
    ("unit", "hours"): "Time is in hours",
    ("unit", "seconds"): "Time is in seconds",
}


def preview(found: FilePreview, kept_as: str) -> Reply:
    """What a file holds, with the buttons that decide about it."""
    blocks = list(
        _unclear(found, kept_as) if found.outcome is None else _clear(found, found.outcome, kept_as)
    )
    return Reply(text=PUSH, blocks=tuple(blocks))


def imported(outcome: ImportOutcome, kind: str) -> Reply:
    """What was stored, under which number, and the way back."""
    said = f"*Imported {count(outcome.rows, 'row')} of {kind}:* {_counts(outcome)}."
    if outcome.number is None:
        return Reply(text=IMPORTED_PUSH, blocks=(kit.section(f"{said} There was nothing to store."),))
    number = outcome.number
    return Reply(
        text=IMPORTED_PUSH,
        blocks=(
            kit.section(f"{said} This is import {number}."),
            kit.actions([_undo_button(number)]),
            kit.context(
                "The file stays in this conversation. If it names patients and need not be here, delete it."
            ),
        ),
    )


def taken_back(taken: ImportTakenBack) -> Reply:
    """What went with an import."""
    one = taken.imported
    lines = [f"*Import {one.number} was taken back* ({count(one.rows, 'row')} of {one.kind})."]
    if gone := listed_went(taken, "gone"):
        lines.append(f"No longer on file: {gone}.")
    if back := listed_went(taken, "put_back"):
        lines.append(f"As before the import: {back}.")
    if taken.void_before:
        were = "was" if taken.void_before == 1 else "were"
        lines.append(f"{count(taken.void_before, 'entry')} of it {were} void already.")
    lines.append("The same can be imported again, and is then new.")
    return Reply(text=UNDONE_PUSH, blocks=tuple(sections(fitting(lines))))


def not_imported(sentence: str, kept_as: str) -> Reply:
    """Why a file was not imported, and the way to look at it again."""
    button = kit.button("Look at it again", ActionId.LOOK_AT_FILE, kept_as)
    return Reply(
        text=NOT_IMPORTED_PUSH, blocks=(kit.section(f"*Not imported.* {sentence}"), kit.actions([button]))
    )


def cannot_undo(sentence: str, number: int) -> Reply:
    """What stands in the way of taking an import back."""
    lines = [kit.escape(line) for line in sentence.split("\n")]
    return Reply(
        text="The import stands.",
        blocks=(*sections(fitting(lines)), kit.actions([_undo_button(number, "Try again")])),
    )


def said(sentence: str) -> Reply:
    """One sentence in the place of a file's preview."""
    return Reply(text=NOT_IMPORTED_PUSH, blocks=(kit.section(sentence),))


def _undo_button(number: int, label: str = UNDO_IMPORT) -> Block:
    return kit.button(label, ActionId.UNDO_IMPORT, str(number), style="danger")


def _unclear(found: FilePreview, kept_as: str) -> Iterator[Block]:
    """A file of which it is not plain what it holds."""
    about = found.recognized
    if about.problem:
        yield kit.section(f"*I cannot read this file.* {kit.escape(about.problem)}")
        return
    guesses = about.fits or about.near
    if not guesses:
        yield kit.section(
            "*I cannot tell what this file holds:* no row of it names columns that I know. Its first row should name "
            "them, such as `mrn`, `date`, `minutes`, `performed_by`."
        )
        yield kit.context(
            "`cocm import --template patients` writes an empty file with every column of a kind."
        )
        return
    why = "Its columns fit more than one kind." if about.fits else "Its columns fit no kind in full."
    yield kit.section(f"*What does this file hold?* {why} Nothing is stored yet.")
    lines = [f"• *{one.kind}*: {kit.escape(kinds_of_files()[one.kind].about)}" for one in guesses]
    yield from sections(fitting(lines, _NOTES))
    buttons = [
        kit.button(
            one.kind.capitalize(),
            listed(ActionId.KIND_OF_FILE, place),
            f"{kept_as}:{one.kind}:{one.mapping}".rstrip(":"),
        )
        for place, one in enumerate(guesses)
    ]
    yield kit.actions([*buttons, kit.button("Cancel", ActionId.CANCEL_FILE, kept_as)])


def _clear(found: FilePreview, outcome: ImportOutcome, kept_as: str) -> Iterator[Block]:
    kind = found.sent.kind
    yield kit.section(_heading(found, outcome))
    asked = {(one.column, one.sentence) for one in outcome.questions}
    wrong = [one for one in outcome.problems if not _is_asked(one, asked)]
    problems = _grouped(wrong)
    yield from _listed("What to correct in the file:" if problems else "", problems, _PROBLEMS)
    shown = outcome.questions[:_QUESTIONS]
    for number, question in enumerate(shown):
        yield from _question(question, number, len(outcome.questions))
    notes = _notes(outcome, with_readings=True)
    yield from _listed("Worth a look:" if notes else "", notes, _NOTES)
    yield from _listed("", _totals(outcome), _TOTALS)
    yield kit.actions(_buttons(found, outcome, kept_as, has_questions=bool(shown)))
    foot = [f"Read as a file of {kind}. These buttons work for {_life()}."]
    if any(_OPTION.search(line) for line in (*problems, *notes)):
        foot.insert(0, _ON_THE_SERVER)
    yield kit.context(*foot)


def _heading(found: FilePreview, outcome: ImportOutcome) -> str:
    kind, rows = found.sent.kind, count(outcome.rows, "row")
    if outcome.problems:
        open_ones = count(len(outcome.problems), "problem")
        if len(outcome.problems) == len(outcome.questions):
            open_ones = count(len(outcome.questions), "question")
        return f"*Your file of {kind}, {rows}: {open_ones} before it can be imported.* Nothing is stored yet."
    seen = f"\n{outcome.seen_before}" if outcome.seen_before else ""
    if not found.can_import:
        return f"*All {rows} of {kind} in your file are on file already.* There is nothing to import.{seen}"
    return f"*Your file holds {rows} of {kind}:* {_counts(outcome)}. Nothing is stored yet.{seen}"


def _counts(outcome: ImportOutcome) -> str:
    were = "as it was" if outcome.unchanged == 1 else "as they were"
    return f"{outcome.added:,} new, {outcome.changed:,} changed, {outcome.unchanged:,} {were}"


def _is_asked(problem: RowProblem, asked: set[tuple[str, str]]) -> bool:
    """Whether a problem is a question, which is shown by itself."""
    return any(problem.column == column and problem.message.endswith(said) for column, said in asked)


def _grouped(problems: Sequence[RowProblem]) -> list[str]:
    """Problems by line; more than a few that are alike in one sentence about the first of them."""
    alike: dict[tuple[str, str], list[RowProblem]] = defaultdict(list)
    for problem in problems:
        alike[problem.column, problem.like or problem.message].append(problem)
    told: list[tuple[int, str]] = []
    for own in alike.values():
        for one in own if len(own) <= _LINES else own[:1]:
            others = f" And {len(own) - 1:,} more like it." if len(own) > _LINES else ""
            told.append((one.line, f"• {_where(one)}: {_message(one)}{others}"))
    return [line for _, line in sorted(told, key=lambda pair: pair[0])]


def _where(problem: RowProblem) -> str:
    return f"line {problem.line}" + (f", `{kit.escape(problem.column)}`" if problem.column else "")


def _message(problem: RowProblem) -> str:
    return _WHO_UNREADABLE if problem.column in _WHO else _here(problem.message)


def _here(words: str) -> str:
    """Words of the command line as they are said in Slack: the button in the place of its option."""

    def button(found: re.Match[str]) -> str:
        label = _SAYINGS.get((found["name"], found["value"]))
        if label is None:
            return found.group()
        return f"{'Press' if found.group()[0] == 'A' else 'press'} “{label}”"

    return kit.escape(_SAYING.sub(button, words))


def _notes(outcome: ImportOutcome, *, with_readings: bool) -> list[str]:
    """How the file was read, what is new and what changes, and what is stored all the same."""
    readings = outcome.readings if with_readings else ()
    told = [f"• {_here(line)}" for line in (*readings, *outcome.news, *outcome.remarks)]
    return told + _grouped(outcome.warnings)


def _totals(outcome: ImportOutcome) -> list[str]:
    """The time of a file by month and person."""
    return [
        f"• {one.month.name} {one.month.year}, {kit.escape(one.person)}: {count(one.entries, 'entry')}, "
        f"{spoken(one.seconds)}" + (f", of it {spoken(one.held_seconds)} held" if one.held_entries else "")
        for one in outcome.totals
    ]


def _listed(heading: str, lines: Sequence[str], room: int) -> Iterator[Block]:
    if not lines:
        return
    shown = fitting(lines, room)
    yield from sections([*([heading] if heading else []), *shown])
    if len(shown) < len(lines):
        yield kit.context(more(len(lines) - len(shown), "line"))


def _question(question: Question, number: int, of: int) -> Iterator[Block]:
    place = f"{number + 1} of {of}: " if of > 1 else ""
    lines = ", ".join(map(str, question.lines[:_LINES]))
    more_lines = f" and {len(question.lines) - _LINES:,} more" if len(question.lines) > _LINES else ""
    where = f"line{'s' if len(question.lines) > 1 else ''} {lines}{more_lines}"
    yield kit.section(kit.clip(f"*{place}*{where}: {kit.escape(question.asks)}".replace("**", ""), 500))
    options = [kit.option(one.label, f"{number}:{choice}") for choice, one in enumerate(question.choices)]
    menu: Block = {
        "type": "static_select",
        "action_id": listed(ActionId.PICK_FILE_ANSWER, number),
        "placeholder": {"type": "plain_text", "text": "Choose an answer"},
        "options": options,
    }
    yield kit.actions([menu], block_id=f"file_question_{number}")


def _buttons(found: FilePreview, outcome: ImportOutcome, kept_as: str, *, has_questions: bool) -> list[Block]:
    buttons: list[Block] = []
    if found.can_import:
        label = f"Import {count(outcome.rows, 'row')}"
        buttons.append(kit.button(label, ActionId.IMPORT_FILE, kept_as, style="primary"))
    if has_questions:
        buttons.append(kit.button(ANSWER, ActionId.ANSWER_FILE, kept_as, style="primary"))
    if found.asks_about_patients:
        buttons.append(kit.button("All are new patients", ActionId.ALL_NEW_PATIENTS, kept_as))
    told = " ".join((*(one.message for one in outcome.problems), *outcome.readings))
    said = dict.fromkeys((found["name"], found["value"]) for found in _SAYING.finditer(told))
    buttons += [
        kit.button(_SAYINGS[one], listed(ActionId.SAY_OF_FILE, place), ":".join((kept_as, *one)))
        for place, one in enumerate(said)
        if one in _SAYINGS
    ]
    buttons.append(kit.button("It holds something else", ActionId.OTHER_KIND, kept_as))
    buttons.append(kit.button("Cancel", ActionId.CANCEL_FILE, kept_as))
    return buttons


def other_kinds(kept_as: str) -> Reply:
    """Every kind of file there is, to say which one a file is."""
    kinds = kinds_of_files()
    lines = [f"• *{name}*: {kit.escape(kinds[name].about)}" for name in KINDS]
    buttons = [
        kit.button(name.capitalize(), listed(ActionId.KIND_OF_FILE, place), f"{kept_as}:{name}")
        for place, name in enumerate(KINDS)
    ]
    buttons.append(kit.button("Cancel", ActionId.CANCEL_FILE, kept_as))
    return Reply(
        text=PUSH,
        blocks=(
            kit.section("*What does this file hold?* Nothing is stored yet."),
            *sections(fitting(lines)),
            kit.actions(buttons),
        ),
    )


def _life() -> str:
    hours = int(KEPT_FOR.total_seconds() // 3600)
    return "an hour" if hours == 1 else f"{hours} hours"
