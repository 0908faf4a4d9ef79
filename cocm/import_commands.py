"""The command that takes files in; what it does is in `cocm.import_runs`, loaded when it is called."""

import difflib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cocm.collector import without_collector
from cocm.terminal import STANDARD_INPUT

commands = typer.Typer()


class ImportKind(StrEnum):
    """What a file holds."""

    PATIENTS = "patients"
    ENTRIES = "entries"
    MEMBERS = "members"
    PAYERS = "payers"
    FEES = "fees"
    SCORES = "scores"
    COVERAGE = "coverage"
    INSURANCE = "insurance"
    SERVICES = "services"
    REVIEWS = "reviews"
    STATEMENTS = "statements"
    STAYS = "stays"
    ATTESTATIONS = "attestations"
    #: No kind of file: an import to take back, by its number in the file's place.
    UNDO = "undo"


#: Kinds of files, without what is none.
_FILES = tuple(one.value for one in ImportKind if one is not ImportKind.UNDO)


def _kind(text: str) -> ImportKind:
    """A kind of file; a file in its place, or a slip, is answered with the command that is meant."""
    try:
        return ImportKind(text)
    except ValueError:
        pass
    kinds = ", ".join(_FILES)
    if Path(text).suffix or Path(text).exists():
        raise typer.BadParameter(f"Say what the file holds: cocm import entries {text}. Kinds: {kinds}.")
    near = difflib.get_close_matches(text, ImportKind, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise typer.BadParameter(f"'{text}' is no kind of file.{meant} Kinds: {kinds}.")


def _kind_of_file(text: str) -> ImportKind:
    kind = _kind(text)
    if kind is ImportKind.UNDO:
        raise typer.BadParameter(f"'{text}' is no kind of file. Kinds: {', '.join(_FILES)}.")
    return kind


class DateForm(StrEnum):
    """The order of a file's dates."""

    MDY = "mdy"
    DMY = "dmy"
    ISO = "iso"
    SERIAL = "serial"
    SERIAL_1904 = "serial1904"


class Unit(StrEnum):
    """What a file's durations count."""

    MINUTES = "minutes"
    HOURS = "hours"
    SECONDS = "seconds"
    DAYS = "days"


@commands.command("import")
def import_(  # noqa: PLR0913 - options of a command are arguments
    kind: Annotated[
        ImportKind | None,
        typer.Argument(
            parser=_kind,
            metavar="KIND",
            help="What the file holds; without a file, its columns are listed. undo takes an import back.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A CSV file or an Excel workbook (.xlsx); - is standard input. After undo, a number."
        ),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be stored.")] = False,
    new_patient: Annotated[
        list[str] | None,
        typer.Option(
            "--new-patient",
            metavar="MRN",
            help="An MRN that is another patient although one much like it is on file; all for each. Repeatable.",
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            exists=True,
            dir_okay=False,
            readable=True,
            metavar="FILE",
            help="A text file that answers what the import asks, one answer a line.",
        ),
    ] = None,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="NAME",
            help="The mapping to read it by: clockify, toggl, harvest, kimai, tempo, aims, redcap, or your own.",
        ),
    ] = "",
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar='COLUMN="Header"', help="The header of a column in the file. Repeatable."
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="COLUMN=WORDS", help="A column that is the same in each row. Repeatable."
        ),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(
            "--skip", metavar='"Header"=WORDS', help="Leave out rows that have these words there. Repeatable."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse columns that are not known, rather than leave them out.")
    ] = False,
    unit: Annotated[Unit | None, typer.Option("--unit", help="What the durations count.")] = None,
    dates: Annotated[DateForm | None, typer.Option("--dates", help="The order of the dates.")] = None,
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Which sheet of a workbook.")] = "",
    save_as: Annotated[
        str,
        typer.Option(
            "--save-as", metavar="NAME", help="Keep how the file was read, for --as NAME next time."
        ),
    ] = "",
    forget: Annotated[
        str, typer.Option("--forget", metavar="NAME", help="Delete a mapping of your own.")
    ] = "",
    template: Annotated[
        ImportKind | None,
        typer.Option(
            "--template",
            parser=_kind_of_file,
            metavar="KIND",
            help="Write an empty file of that kind, explained.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", dir_okay=False, help="Where the template goes.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="List kinds and columns as JSON.")] = False,
    by: Annotated[
        str, typer.Option("--by", metavar="USER", help="With undo: who takes the import back.")
    ] = "",
) -> None:
    """Take in a table: all of it, or nothing when a row is wrong. Alone, list kinds of files and their columns."""
    from cocm import import_listing  # noqa: PLC0415 - see the module's docstring

    if by and kind is not ImportKind.UNDO:
        raise typer.BadParameter(
            "goes with undo: whose work a file holds stands in the file", param_hint="--by"
        )
    if forget:
        import_listing.forget(forget)
    elif template is not None:
        import_listing.write_template(template.value, output)
    elif kind is ImportKind.UNDO:
        from cocm.import_undo_runs import take_back  # noqa: PLC0415 - see the module's docstring

        take_back(_number(file), by=by, dry_run=dry_run)
    elif kind is None or file is None:
        import_listing.show_kinds(kind.value if kind is not None else None, as_json=as_json_)
    else:
        if f"{file}" != STANDARD_INPUT and not file.is_file():
            raise typer.BadParameter(f"File '{file}' does not exist.", param_hint="FILE")
        with without_collector():
            from cocm.import_answers import answers_of  # noqa: PLC0415 - see the module's docstring
            from cocm.import_runs import import_file  # noqa: PLC0415 - see the module's docstring
            from cocm.import_words import ImportWords  # noqa: PLC0415 - see the module's docstring

            words = ImportWords(
                mapping=as_,
                headers=_pairs("--map", map_),
                constants=_pairs("--set", set_),
                skipped=_pairs("--skip", skip),
                is_strict=strict,
                unit=unit.value if unit is not None else "",
                dates=dates.value if dates is not None else "",
                worksheet=sheet,
                save_as=save_as,
            )
            given = answers_of(answers, new_patient or ())
            import_file(kind.value, file, words, dry_run=dry_run, answers=given)


def _pairs(option: str, given: list[str] | None) -> tuple[tuple[str, str], ...]:
    """`mrn=Project` as a pair."""
    found = []
    for one in given or ():
        name, equals, words = one.partition("=")
        name, words = name.strip(), words.strip().strip('"')
        if not equals or not name or not words:
            raise typer.BadParameter(f"'{one}' is not a pair like mrn=\"Project\".", param_hint=option)
        found.append((name.strip('"'), words))
    return tuple(found)


@commands.command()
def imports(*, as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List the imports by number: what each held, when it was, and which were taken back."""
    from cocm.import_undo_runs import show_imports  # noqa: PLC0415 - see the module's docstring

    show_imports(as_json=as_json)


def _number(text: Path | None) -> int:
    given = f"{text or ''}"
    if not (given.isascii() and given.isdigit() and len(given) <= _FIGURES):
        raise typer.BadParameter(
            f"'{given}' is not the number of an import: write `cocm import undo 12`. `cocm imports` lists them.",
            param_hint="undo N",
        )
    return int(given)


#: More figures than any number of imports has.
_FIGURES = 9
