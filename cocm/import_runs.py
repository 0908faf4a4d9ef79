"""Takes files in at the command line, and prints what they hold and what was done with them."""

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from billing.durations import spoken
from bot.screens.phrases import count as counted
from cocm.errors import CommandRefused, EnvironmentFault
from cocm.import_answers import ask, can_ask
from cocm.import_words import ImportWords
from cocm.offline import OfflinePractice, offline_practice
from cocm.terminal import STANDARD_INPUT, bar, draw, err, out
from services.context import Context
from services.imports.answers import Answers
from services.imports.load import LOADERS, PATIENT_KINDS
from services.imports.mappings import check_name, save_mapping
from services.imports.outcome import ImportOutcome, RowProblem
from services.imports.request import ImportRequest
from services.imports.storing import Loader, by_line, plan_only
from services.imports.tables.formats import LARGEST_FILE

_FIGURES = frozenset({"Entries", "Time", "Of it held", "Imported before"})
#: How many lines a sentence about like cells names.
_NAMED_LINES = 5


def import_file(kind: str, file: Path, words: ImportWords, *, dry_run: bool, answers: Answers) -> None:
    """Take in a file, and tell what it holds.

    Raises:
        Refused: when a cell cannot be taken; each is named on standard error.
    """
    if answers.new_patients and kind not in PATIENT_KINDS:
        raise CommandRefused(f"A file of {kind} names no patients: leave out --new-patient.")
    loader = LOADERS[kind]
    request = words.request(kind, _bytes_of(file), answers)
    with offline_practice() as practice:
        if words.save_as:
            practice.read(_check_name, words.save_as)
        outcome = _carried_out(practice, kind, loader, request, dry_run=dry_run)
        while not dry_run and can_ask() and (said := ask(outcome, file.name)):
            request = replace(request, answers=request.answers.and_(said))
            outcome = _carried_out(practice, kind, loader, request, dry_run=dry_run)
        if outcome.stored:
            practice.survey()
    _notes(outcome, file.name, dry_run=dry_run)
    if outcome.problems:
        count = len(outcome.problems)
        raise CommandRefused(
            f"Nothing was imported: {counted(count, 'problem')}, listed above. "
            f"Fix {'it' if count == 1 else 'them'}, then import the file again."
        )
    if dry_run and outcome.preview is not None:
        draw(outcome.preview.columns, outcome.preview.rows)
    _tell_totals(outcome)
    out.print(_told(outcome, kind), markup=False)
    if outcome.number is not None:
        undo = f"`cocm import undo {outcome.number}` takes it back."
        out.print(f"This is import {outcome.number}; {undo}", markup=False)
    if words.save_as:
        _save_mapping(request, words.save_as, dry_run=dry_run)


def _notes(outcome: ImportOutcome, name: str, *, dry_run: bool) -> None:
    """What is wrong with a file, or worth a look, on standard error."""
    if dry_run and not outcome.problems:
        err.print("Dry run: nothing is stored. This is what would be:", markup=False)
    readings = outcome.readings if outcome.problems else ()
    told = (
        *_refused(outcome, name),
        *filter(None, (outcome.seen_before,)),
        *_grouped(outcome),
        *readings,
        *outcome.remarks,
        *outcome.news,
    )
    for sentence in told:
        err.print(sentence, markup=False)


def _check_name(_: Context, name: str) -> None:
    check_name(name)


def _save_mapping(request: ImportRequest, name: str, *, dry_run: bool) -> None:
    if dry_run:
        out.print(f"It would keep how the file was read as {name}.", markup=False)
        return
    with offline_practice() as practice:
        was_there = practice.write(save_mapping, request, name)
    instead = ", in place of the one of that name" if was_there else ""
    out.print(f"How the file was read is kept as {name}{instead}: --as {name}.", markup=False)


def _carried_out(
    practice: OfflinePractice, kind: str, loader: Loader, request: ImportRequest, *, dry_run: bool
) -> ImportOutcome:
    with bar(kind) as progress:
        if dry_run:
            return practice.read(plan_only, loader, request)
        return practice.take_in(loader, request, progress)


def _bytes_of(file: Path) -> bytes:
    if f"{file}" == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        if file.stat().st_size > LARGEST_FILE:
            size = f"{LARGEST_FILE // 1_000_000} MB"
            raise CommandRefused(f"{file.name} is larger than {size}. Import it in parts, a month each.")
        return file.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be read: {error.strerror}.") from error


def _column(problem: RowProblem) -> str:
    return f" {problem.column}" if problem.column else ""


def _refused(outcome: ImportOutcome, name: str) -> list[str]:
    """What is wrong, by line; more than a few problems that are alike are one sentence about the first of them."""
    alike: dict[tuple[str, str], list[RowProblem]] = defaultdict(list)
    for problem in outcome.problems:
        alike[problem.column, problem.like or problem.message].append(problem)
    told = [
        (own[0], f" ({_lines(own)})") if len(own) > _NAMED_LINES else (one, "")
        for own in alike.values()
        for one in (own[:1] if len(own) > _NAMED_LINES else own)
    ]
    return [
        f"{name}:{one.line}{_column(one)}: {one.message}{more}"
        for one, more in sorted(told, key=lambda pair: by_line(pair[0]))
    ]


def _grouped(outcome: ImportOutcome) -> list[str]:
    """Warnings that are alike in one sentence, with the lines they are about."""
    alike: dict[tuple[str, str], list[RowProblem]] = defaultdict(list)
    for warning in outcome.warnings:
        alike[warning.column, warning.like or warning.message].append(warning)
    return [f"Note, {column} of {_lines(own)}: {own[0].message}" for (column, _), own in alike.items()]


def _lines(problems: Sequence[RowProblem]) -> str:
    """`line 7`, `lines 2, 3, 4, 5, 6 and 9,995 more`."""
    named = ", ".join(str(one.line) for one in problems[:_NAMED_LINES])
    more = f" and {len(problems) - _NAMED_LINES:,} more" if len(problems) > _NAMED_LINES else ""
    return f"{'line' if len(problems) == 1 else 'lines'} {named}{more}"


def _tell_totals(outcome: ImportOutcome) -> None:
    """How a file was read, and its time by month and person."""
    for sentence in outcome.readings:
        out.print(sentence, markup=False)
    if not outcome.totals:
        return
    rows = [
        (
            f"{one.month}",
            one.person,
            f"{one.entries}",
            spoken(one.seconds),
            spoken(one.held_seconds) if one.held_entries else "",
            spoken(one.known_seconds) if one.known_entries else "",
        )
        for one in outcome.totals
    ]
    draw(("Month", "Person", "Entries", "Time", "Of it held", "Imported before"), rows, _FIGURES)
    added = sum(one.seconds for one in outcome.totals)
    held = sum(one.held_seconds for one in outcome.totals)
    known = sum(one.known_seconds for one in outcome.totals)
    parts = [f"{spoken(added)} new", *([f"{spoken(held)} of it held"] if held else [])]
    parts += [f"{spoken(known)} imported before"] if known else []
    out.print(f"The file holds {spoken(added + known)}: {', '.join(parts)}.", markup=False)


def _told(outcome: ImportOutcome, kind: str) -> str:
    done = "Imported" if outcome.stored else "Dry run, nothing was stored. It would import"
    return (
        f"{done} {counted(outcome.rows, 'row')} of {kind}: {outcome.added} new, {outcome.changed} changed, "
        f"{outcome.unchanged} as they were."
    )
