"""Takes imports back at the command line, and lists them."""

import json
import sys
from collections.abc import Iterator

from bot.screens.phrases import count as counted
from cocm.offline import offline_practice
from cocm.terminal import draw, out
from services.imports.undo import ImportTakenBack, ListedImport, all_imports, would_take_back
from services.imports.undo import take_back as take_import_back
from services.imports.went_words import listed_went


def take_back(number: int, *, by: str, dry_run: bool) -> None:
    """Take an import back, and tell what went.

    Raises:
        Refused: when it cannot be taken back; what stands in the way is named.
    """
    with offline_practice() as practice:
        taken = practice.write(would_take_back if dry_run else take_import_back, number, by=by)
        if not dry_run:
            practice.survey()
    for sentence in told(taken, dry_run=dry_run):
        out.print(sentence, markup=False)


def show_imports(*, as_json: bool) -> None:
    """Print every import, the newest first."""
    with offline_practice(migrates=False) as practice:
        found = practice.read(all_imports)
        zone = practice.settings.practice().zone
    if as_json:
        sys.stdout.write(json.dumps({"imports": [_json(one) for one in found]}) + "\n")
        return
    if not found:
        out.print("Nothing was imported yet: cocm import KIND FILE.", markup=False)
        return
    rows = [
        (
            f"{one.imported.number}",
            one.imported.kind,
            f"{one.imported.at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{one.imported.rows}",
            f"{one.imported.added}",
            f"{one.imported.changed}",
            one.imported.sha256[:12],
            ""
            if one.imported.undone_at is None
            else f"{one.imported.undone_at.astimezone(zone):%Y-%m-%d %H:%M}",
            one.undone_by.display_name if one.undone_by is not None else "",
        )
        for one in reversed(found)
    ]
    columns = ("Import", "Kind", "At", "Rows", "New", "Changed", "SHA-256", "Taken back", "By")
    draw(columns, rows, figures=frozenset({"Import", "Rows", "New", "Changed"}))


def told(taken: ImportTakenBack, *, dry_run: bool = False) -> Iterator[str]:
    """What went with an import, or would go, in sentences."""
    imported = taken.imported
    what = f"Import {imported.number} ({counted(imported.rows, 'row')} of {imported.kind})"
    gone = listed_went(taken, "gone")
    back = listed_went(taken, "put_back")
    yield f"{what} would be taken back." if dry_run else f"{what} was taken back."
    if gone:
        yield f"No longer on file: {gone}."
    if back:
        yield f"As before the import: {back}."
    if taken.void_before:
        were = "was" if taken.void_before == 1 else "were"
        yield f"{counted(taken.void_before, 'entry')} of it {were} void already."
    if dry_run:
        yield "Dry run, nothing was changed."
    else:
        yield "The same file can be imported again, and is then new."


def _json(one: ListedImport) -> dict[str, object]:
    imported = one.imported
    return {
        "number": imported.number,
        "kind": imported.kind,
        "at": imported.at.isoformat(),
        "sha256": imported.sha256,
        "size": imported.size,
        "rows": imported.rows,
        "added": imported.added,
        "changed": imported.changed,
        "unchanged": imported.unchanged,
        "undone_at": imported.undone_at.isoformat() if imported.undone_at else None,
        "undone_by": one.undone_by.display_name if one.undone_by else None,
    }
