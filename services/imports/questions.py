"""Asks what a file leaves open: each question once, with the rows it is about and the lines that answer it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from services.imports.answers import Answer, Answers, Subject
from services.imports.outcome import ImportOutcome, Question, RowProblem
from services.imports.wording import LISTED, counted, lines_of

#: Lines named in one question.
_LINES = 5


@dataclass(slots=True, kw_only=True)
class _Open:
    """A question, and the lines of the rows that leave it open."""

    question: Question
    lines: list[int] = field(default_factory=list)


class Inquiry:
    """What is asked about one subject of a file, and which answers were looked up for it."""

    def __init__(self, answers: Answers, about: Subject) -> None:
        self.about = about
        self._answers = {about.key(answer.name): answer for answer in answers.all() if answer.about is about}
        self._seen: set[str] = set()
        self._open: dict[str, _Open] = {}

    def answer(self, name: str) -> Answer | None:
        """What was answered of a name; a name that is looked up is one that the file has."""
        key = self.about.key(name)
        self._seen.add(key)
        return self._answers.get(key)

    def ask(self, question: Question, line: int) -> str:
        """Ask about a name, for one row more; returns what is said of the row."""
        found = self._open.setdefault(self.about.key(question.name), _Open(question=question))
        found.lines.append(line)
        return found.question.sentence

    def ask_again(self, name: str, line: int) -> str | None:
        """As `ask` about what was asked before; None where nothing was."""
        found = self._open.get(self.about.key(name))
        if found is None:
            return None
        found.lines.append(line)
        return found.question.sentence

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is open, by the first line of each."""
        found = (replace(one.question, lines=tuple(sorted(one.lines))) for one in self._open.values())
        return tuple(sorted(found, key=lambda one: one.lines))

    @property
    def unused(self) -> tuple[Answer, ...]:
        """Answers about names that the file does not have."""
        return tuple(
            answer for key, answer in self._answers.items() if key not in self._seen and key != "all"
        )


def settle(outcome: ImportOutcome, *inquiries: Inquiry) -> ImportOutcome:
    """An outcome with what is asked: each question is one problem, however many rows it is about."""
    asked = {(one.column, one.sentence): one for each in inquiries for one in each.questions}
    problems = list(_folded(outcome.problems, asked))
    return replace(
        outcome,
        problems=tuple(sorted(problems, key=lambda one: (one.line, one.column))),
        questions=tuple(sorted(asked.values(), key=lambda one: one.lines)),
        remarks=(*outcome.remarks, *_unused([one for each in inquiries for one in each.unused])),
    )


def _folded(problems: Iterable[RowProblem], asked: dict[tuple[str, str], Question]) -> Iterable[RowProblem]:
    said: set[tuple[str, str]] = set()
    for problem in problems:
        key = problem.column, problem.message
        question = asked.get(key)
        if question is None:
            yield problem
        elif key not in said:
            said.add(key)
            yield replace(problem, line=question.lines[0], message=f"{_rows(question)}{problem.message}")


def _rows(question: Question) -> str:
    """`12 rows (lines 4, 5, 6, 7, 8 and 7 more): `; nothing for a single row, whose line stands before."""
    if len(question.lines) == 1:
        return ""
    return f"{counted(len(question.lines), 'row')} ({lines_of(question.lines, _LINES)}): "


def _unused(answers: Sequence[Answer]) -> tuple[str, ...]:
    """A sentence about answers to what the file does not ask, which may be slips."""
    if not answers:
        return ()
    shown = "; ".join(answer.text for answer in answers[:LISTED])
    more = f" and {len(answers) - LISTED} more" if len(answers) > LISTED else ""
    one = len(answers) == 1
    return (f"No row of the file is about {'this answer' if one else 'these answers'}: {shown}{more}.",)
