"""Takes a whole import back, or nothing of it: entries, facts, patients, members, payers and rates."""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.people import Member
from services.acts.inverses import TakingBack
from services.context import Context
from services.imports.obstacles import CannotUndoImport
from services.imports.taking_back import TakingImportBack, Went
from services.imports.team import Team
from services.people.members import acting
from storage import FILE_IMPORT, ActKind, FileImport


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTakenBack:
    """An import that was taken back, or would be."""

    imported: FileImport
    #: By kind: `entry`, the name of the table of a fact, or a kind of content.
    went: Mapping[str, Went]
    #: Of its entries, how many had been void before.
    void_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedImport:
    """An import as it is listed."""

    imported: FileImport
    #: Who took it back; None while it stands, and where nobody in particular did.
    undone_by: Member | None
    #: Who took it in, by a file sent in Slack; None for the command line.
    imported_by: Member | None = None


def all_imports(context: Context) -> tuple[ListedImport, ...]:
    """Every import of the practice, the first first, those taken back too."""
    acts = context.uow.acts.of_kind(ActKind.IMPORT)
    senders = {change.fact_id: act.actor for act in acts for change in act.changes}
    return tuple(
        ListedImport(
            imported=one,
            undone_by=_member(context, one),
            imported_by=context.uow.members.by_id(senders[one.number]) if one.number in senders else None,
        )
        for one in context.uow.import_log.all()
    )


def take_back(context: Context, number: int, *, by: str = "") -> ImportTakenBack:
    """Take an import back, whole, as an act of its own.

    Args:
        context: Where the use case works.
        number: What the import was numbered.
        by: The member in whose name it is done, by Slack id or display name; nobody in particular without.

    Raises:
        CannotUndoImport: when there is no such import, it was taken back already, or something stands in the way,
            all of which is named.
        UnknownPerson: when nobody goes by that name.
    """
    taken = would_take_back(context, number, by=by)
    context.uow.commit()
    return taken


def would_take_back(context: Context, number: int, *, by: str = "") -> ImportTakenBack:
    """The same, kept only by a caller who commits; it needs a unit of work that may write.

    Raises:
        CannotUndoImport: as `take_back`.
        UnknownPerson: the same.
    """
    uow = context.uow
    uow.episodes.hold()
    imported = _standing(context, number)
    actor = acting(context, by) if by else Team(context).importer(context)
    uow.acts.begin(ActKind.IMPORT_UNDO, by=actor.member_id, at=context.now)
    uow.acts.changed(FILE_IMPORT, number, 1, 2)
    taking = TakingBack(context=context, actor=actor, reason=f"import {number} was taken back")
    run = TakingImportBack(taking, imported)
    run.carry_out()
    uow.import_log.undone(number, by=actor.member_id, at=context.now)
    uow.audit.record(
        at=context.now, actor=actor.member_id, action="import.undone", subject=f"import:{number}"
    )
    return ImportTakenBack(imported=imported, went=run.went, void_before=run.void_before)


def _standing(context: Context, number: int) -> FileImport:
    imported = context.uow.import_log.by_number(number)
    if imported is None:
        raise CannotUndoImport(
            f"There is no import {number}. Nothing was changed. `cocm imports` lists every import with its number."
        )
    if imported.undone_at is not None:
        day = imported.undone_at.astimezone(context.settings.zone).date()
        member = _member(context, imported)
        who = f" by {member.display_name}" if member is not None else ""
        raise CannotUndoImport(
            f"Import {number} was taken back already, on {day}{who}. Nothing was changed. To have it on file again, "
            "import the file again."
        )
    return imported


def _member(context: Context, imported: FileImport) -> Member | None:
    """Who took an import back, unless it is the member who stands for imports."""
    if imported.undone_by is None:
        return None
    member = context.uow.members.by_id(imported.undone_by)
    return member if member is not None and (member.active or member.roles) else None
