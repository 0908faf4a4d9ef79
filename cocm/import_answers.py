"""Reads what was answered about a file, and asks at a terminal what the file leaves open."""

import sys
from collections.abc import Collection
from pathlib import Path

from cocm.errors import CommandRefused, EnvironmentFault
from cocm.terminal import err, out
from services.imports.answers import Answer, Answers, AnswersError, read_answer, read_answers
from services.imports.outcome import ImportOutcome, Question
from services.imports.wording import counted, lines_of

#: Lines of rows that a question at the terminal names.
_LINES = 5


def answers_of(file: Path | None, new_patients: Collection[str]) -> Answers:
    """What was answered beforehand: in a file, and by `--new-patient`.

    Raises:
        CommandRefused: when the file cannot be read as answers; each line is named on standard error.
    """
    given: tuple[Answer, ...] = ()
    if file is not None:
        try:
            given = read_answers(file.read_bytes())
        except OSError as error:
            raise EnvironmentFault(f"{file} cannot be read: {error.strerror}.") from error
        except AnswersError as error:
            for line, why in error.faults:
                err.print(f"{file.name}:{line}: {why}", markup=False)
            raise CommandRefused("Nothing was imported: correct the answers and try again.") from error
    return Answers(new_patients=tuple(new_patients), given=given)


def can_ask() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(outcome: ImportOutcome, name: str) -> tuple[Answer, ...]:
    """Ask what a file leaves open, one question after the other.

    Nothing is asked where the file has to be corrected all the same.

    Args:
        outcome: What the file holds.
        name: Of the file.

    Returns:
        An answer to each question; none at all where one was left unanswered.
    """
    if not outcome.questions or len(outcome.problems) > len(outcome.questions):
        return ()
    err.print(
        f"{name} leaves {counted(len(outcome.questions), 'question')} open. Type the number of an answer; Enter alone "
        "stops, and nothing is imported.",
        markup=False,
    )
    answers = []
    for number, question in enumerate(outcome.questions, start=1):
        answer = _asked(question, f"{number} of {len(outcome.questions)}")
        if answer is None:
            return ()
        answers.append(answer)
    out.print("To answer the same beforehand, keep these lines in a file for --answers:", markup=False)
    for answer in answers:
        out.print(answer.text, markup=False)
    return tuple(answers)


def _asked(question: Question, place: str) -> Answer | None:
    where = lines_of(question.lines, _LINES)
    err.print(f"\n{place}, {question.column} of {where}: {question.asks}", markup=False)
    for number, choice in enumerate(question.choices, start=1):
        err.print(f"  {number}  {choice.label}", markup=False)
    while True:
        err.print("> ", end="", markup=False)
        typed = sys.stdin.readline().strip()
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= len(question.choices):
            return read_answer(question.choices[int(typed) - 1].answer)
        err.print(f"Type a number from 1 to {len(question.choices)}, or nothing to stop.", markup=False)
