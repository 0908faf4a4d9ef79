"""Carries out the audit commands of the command line, and prints what they found."""

from collections.abc import Sequence

from billing.closing import Aspect
from cocm.errors import CommandRefused
from cocm.offline import offline_practice
from cocm.terminal import err, out
from services.checks import JudgedOtherwise, rebuild_totals, verify

#: How many lines one sentence names.
_NAMED = 5


def verify_all() -> None:
    """Check everything stored.

    Raises:
        Refused: when something is not as it was written; each thing is named on standard error.
    """
    with offline_practice() as practice:
        found = practice.read(verify)
    for sentence in (*found.changed, *found.totals):
        err.print(sentence, markup=False)
    if found.judged_otherwise:
        out.print(_news(found.judged_otherwise), markup=False)
    if found.changed:
        raise CommandRefused(
            f"{_counted(len(found.changed), 'change')} found that this program did not make, named above. Keep a copy "
            "of the database as it is, find out who can write to it, and compare what is named with your last backup."
        )
    if found.totals:
        raise CommandRefused(
            f"The ledger stands as it was written, and {_counted(len(found.totals), 'entry', 'entries')} of the totals "
            "made from it differ. Nothing is lost: run `cocm audit rebuild`."
        )
    out.print(
        f"Everything stands as it was written: audit chain, ledger, care facts, {_counted(found.lines, 'line')} of "
        f"{_counted(found.revisions, 'closed revision')}.",
        markup=False,
    )


def rebuild() -> None:
    """Make the totals again from the ledger."""
    with offline_practice() as practice:
        made = practice.write(rebuild_totals)
        practice.survey()
    out.print(
        f"Rebuilt the totals from the ledger: {_counted(made.entries, 'entry', 'entries')}, of which "
        f"{made.differences} differed.",
        markup=False,
    )


def _news(found: Sequence[JudgedOtherwise]) -> str:
    named = "; ".join(
        f"{one.month} revision {one.revision}, {one.handle} ({_aspects(one.aspects)})"
        for one in found[:_NAMED]
    )
    more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return (
        f"Today's program would judge {_counted(len(found), 'line')} otherwise: {named}{more}. What was closed stands "
        "as it was closed."
    )


def _aspects(aspects: frozenset[Aspect]) -> str:
    return ", ".join(aspect.value for aspect in Aspect if aspect in aspects) or "cannot be read"


def _counted(count: int, one: str, many: str = "") -> str:
    return f"1 {one}" if count == 1 else f"{count} {many or f'{one}s'}"
