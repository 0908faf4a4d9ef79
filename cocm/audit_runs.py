"""Carries out the audit commands of the command line, and prints what they found."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.closing import Aspect
from cocm import logs
from cocm.databases import open_tables
from cocm.errors import CommandRefused, EnvironmentFault
from cocm.offline import OfflinePractice, offline_practice
from cocm.settings import load
from cocm.terminal import err, out
from services.anchors import Anchor, anchored, head_of, is_head, short_head
from services.checks import JudgedOtherwise, Verified, rebuild_totals, verify

#: How many lines one sentence names.
_NAMED = 5


def verify_all(expect: str | None = None) -> None:
    """Check everything stored.

    Args:
        expect: a head that was noted earlier, which must be in the chain.

    Raises:
        Refused: when something is not as it was written; each thing is named on standard error.
    """
    if expect is not None and not is_head(expect):
        raise CommandRefused(
            f"{expect!r} is no head of an audit chain. It is 64 hexadecimal digits, or the first 12, as a1b2-c3d4-e5f6."
        )
    with offline_practice(migrates=False, reads_words=False) as practice:
        zone = practice.settings.timezone
        anchor = practice.read(anchored, expect) if expect is not None else None
        found = practice.read(verify)
    for sentence in (*found.changed, *found.totals):
        err.print(sentence, markup=False)
    if found.judged_otherwise:
        out.print(_news(found.judged_otherwise), markup=False)
    for sentence in _reach(found, zone):
        out.print(sentence, markup=False)
    _refuse_what_was_found(found, expect, anchor)
    if anchor is not None:
        out.print(_there(anchor, zone), markup=False)
    out.print(
        f"Everything stands as it was written: audit chain, ledger, care facts, {_counted(found.lines, 'line')} of "
        f"{_counted(found.revisions, 'closed revision')}.",
        markup=False,
    )


def _refuse_what_was_found(found: Verified, expect: str | None, anchor: Anchor | None) -> None:
    if expect is not None and anchor is None:
        raise CommandRefused(
            f"The head {expect} is not in this chain, which ends at event {found.chain.head.seq:,}. This is not the "
            "database that had it, or an earlier state of it: one that was restored, copied without its -wal file, or "
            "made again. Find what was done since, and restore the newest backup whose manifest names that head."
        )
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


def _reach(found: Verified, zone: ZoneInfo) -> list[str]:
    """What the check could tell, and what not."""
    chain = found.chain
    said = [
        f"Audit chain: {_counted(chain.head.seq, 'event')}, {_counted(found.rows, 'row')} compared with it."
    ]
    said += [
        f"{_counted(one.notes or 0, 'note')} from before {one.before:%b} {one.before.day}, {one.before.year} "
        f"{'was' if one.notes == 1 else 'were'} removed under the practice's retention of {one.years} years (events of "
        f"note_removal:{one.removal_id}); the chain still has their digests."
        for one in found.removals
    ]
    if found.unread:
        said.append(
            f"{_counted(found.unread, 'row')} could not be compared: the words in "
            f"{'it' if found.unread == 1 else 'them'} are encrypted under a key that is not at hand (COCM_DATA_KEYS)."
        )
    if chain.keyed is None and chain.seal is None:
        said.append(
            "It has no key: whoever can write to the database and knows this program could have made all of it "
            "again. Set COCM_AUDIT_KEY, or compare with a head that you noted: cocm audit verify --expect HEAD"
        )
        return said
    if chain.keyed is not None:
        before = f" {_counted(chain.keyed.seq - 1, 'event')} came before." if chain.keyed.seq > 1 else ""
        said.append(f"With a key since event {chain.keyed.seq:,}, {_when(chain.keyed.at, zone)}.{before}")
    if not found.is_keyed:
        said.append("No key is set here (COCM_AUDIT_KEY), so MACs and seals were not checked.")
    elif chain.unchecked:
        said.append(
            f"The key of {_counted(chain.unchecked, 'event')} is not at hand; the seals hold them all the same."
        )
    if found.unchecked:
        said.append(
            f"{_counted(found.unchecked, 'text')} could not be compared without the key that they had."
        )
    if chain.unsealed:
        events = "event" if chain.unsealed == 1 else f"{chain.unsealed:,} events"
        said.append(
            f"The last {events}, since {_when(chain.unsealed_since, zone)}, "
            f"{'is' if chain.unsealed == 1 else 'are'} not sealed yet."
        )
    elif chain.seal is not None:
        said.append(f"Sealed to its end, {_when(chain.seal.at, zone)}.")
    said += [f"{one}." for one in found.notes]
    return said


def show_head() -> None:
    """Print where the chain ends."""
    with offline_practice(migrates=False, reads_words=False) as practice:
        head = practice.read(head_of)
        zone = practice.settings.timezone
    when = f", {_when(head.at, zone)}" if head.at else ""
    out.print(f"Event {head.seq:,}{when}. In short: {short_head(head.hash)}", markup=False)
    out.print(
        "Keep the next line outside of this database; `cocm audit verify --expect` compares with it.",
        markup=False,
    )
    out.print(head.hash, markup=False)


def seal_now(*, lost_key: bool) -> None:
    """Seal the chain up to its end.

    Raises:
        Refused: when there is no key, or the chain does not hold.
    """
    settings = load()
    logs.configure(settings.log_format)
    keys = settings.audit_keys()
    if not keys:
        raise CommandRefused(
            "There is no key to seal with. Make one (openssl rand -hex 32) and set it as COCM_AUDIT_KEY, or write it "
            "into a file outside of the database's folder and name that in COCM_AUDIT_KEY_FILE."
        )
    database = open_tables(settings.database_url, keys, settings.data_keys())
    try:
        if not database.migrations_current():
            raise EnvironmentFault("The database's tables are of another version. Run: cocm migrate")
        wanted = database.unknown_audit_key()
        if wanted is not None and not lost_key:
            raise CommandRefused(
                f"The last seal is by key {wanted}, which is not at hand. Name it behind today's key. If it is lost, "
                "add --lost-key: what it vouched for then shows by the new seal only."
            )
        seal = OfflinePractice(database, settings).seal()
    finally:
        database.close()
    if seal is None:
        out.print("The chain is sealed to its end already.")
    else:
        out.print(
            f"Sealed up to event {seal.seq:,} by key {keys.current_id} (seal {seal.n:,}).", markup=False
        )


def rebuild() -> None:
    """Make the totals again from the ledger."""
    with offline_practice(migrates=False, reads_words=False) as practice:
        made = practice.write(rebuild_totals)
        practice.survey()
    out.print(
        f"Rebuilt the totals from the ledger: {_counted(made.entries, 'entry', 'entries')}, of which "
        f"{made.differences} differed.",
        markup=False,
    )


def _there(anchor: Anchor, zone: ZoneInfo) -> str:
    later = _counted(anchor.since, "event")
    came = "Nothing came after it" if not anchor.since else f"{later} came after it"
    return f"The expected head is event {anchor.head.seq:,} of this chain, {_when(anchor.head.at, zone)}. {came}."


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return "an instant that cannot be read"
    local = at.astimezone(zone)
    return f"{local:%b} {local.day}, {local:%Y}, {local:%-I:%M} {local:%p}".replace(" AM", " am").replace(
        " PM", " pm"
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
    return f"1 {one}" if count == 1 else f"{count:,} {many or f'{one}s'}"
