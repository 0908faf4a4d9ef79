"""Carries out the commands about data keys, and prints what they found. No key but a new one is ever printed."""

from collections.abc import Iterable

from cocm.errors import CommandRefused
from cocm.offline import offline_practice
from cocm.settings import load
from cocm.terminal import err, out
from services.encryption import KeyCount, counted, encrypt_batch, end_rotation, lose_key
from storage import FIRST_PLACE, Place, new_key

#: After so many values, a line says how far it is.
_TOLD = 20_000


def print_new() -> None:
    """Print a new key, alone on standard output."""
    out.print(new_key(), markup=False)
    err.print(
        "Keep it in COCM_DATA_KEYS, or in a file that COCM_DATA_KEYS_FILE names, outside of the database and its "
        "backups, and a copy of it somewhere safe: without it, notes and names are lost.",
        markup=False,
    )


def show_counts() -> None:
    """Print how much is under which key."""
    with offline_practice(migrates=False, reads_words=False) as practice:
        found = practice.read(counted)
        is_keyed = practice.database.is_keyed
    for sentence in _lines(found):
        out.print(sentence, markup=False)
    if found[0].place and not is_keyed:
        out.print(
            "COCM_AUDIT_KEY is not set: the audit chain then holds plain digests of notes and names, by which a guess "
            "at one can be confirmed (docs/security.md).",
            markup=False,
        )


def rotate_all() -> None:
    """Encrypt everything under the first key."""
    values = plain = unopened = told = 0
    with offline_practice() as practice:
        place: Place | None = FIRST_PLACE
        while place is not None:
            done = practice.write(encrypt_batch, place)
            place = done.after
            values, plain, unopened = (
                values + done.values,
                plain + done.were_plain,
                unopened + done.unopened,
            )
            if values - told >= _TOLD:
                told = values
                err.print(f"{values:,} encrypted so far.", markup=False)
        ended = practice.write(end_rotation, values, unopened)
        cleaned = practice.database.overwrite_free_space() if plain else None
    first = ended.counts[0].key_id
    were = f", {plain:,} of which had been plain" if plain else ""
    out.print(f"{_counted(values, 'value')} encrypted under key {first}{were}.", markup=False)
    for sentence in _after(ended.counts, ended.free, unopened):
        out.print(sentence, markup=False)
    if cleaned is False:
        out.print(
            "Somebody is writing, so free space in the database's file may still hold plain words. Run it again when "
            "it is quiet.",
            markup=False,
        )
    elif cleaned is None and plain:
        out.print(
            "PostgreSQL keeps what was there before until a VACUUM FULL of its tables, and in backups and archived "
            "logs that were made before.",
            markup=False,
        )


def give_up(key_id: str, *, yes: bool) -> None:
    """Go on without a key that is lost.

    Raises:
        Refused: when it is not lost, nothing is under it, or nobody confirms.
    """
    settings = load()
    if not yes and not _confirmed(key_id):
        raise CommandRefused("Nothing changed.")
    with offline_practice(migrates=False, reads_words=False) as practice:
        values = practice.write(lose_key, key_id)
    stay = "stays" if values == 1 else "stay"
    out.print(
        f"Key {key_id} is given up: {_counted(values, 'value')} under it {stay} unreadable, and "
        f"{'is' if values == 1 else 'are'} kept as {'it is' if values == 1 else 'they are'}. Minutes, codes and the "
        "audit chain stand. Should the key be found, name it again and everything can be read.",
        markup=False,
    )
    if not settings.data_keys():
        out.print("No data key is set, so what is written from now on is plain.", markup=False)


def _confirmed(key_id: str) -> bool:
    import typer  # noqa: PLC0415 - the one question that is asked

    return typer.confirm(f"Is key {key_id} lost for good? What is encrypted under it stays unreadable.")


def _lines(found: Iterable[KeyCount]) -> list[str]:
    said = []
    for one in found:
        if not one.key_id:
            said.append(f"Plain: {_counted(one.values, 'value')}.")
        elif one.place:
            what = " (encrypts)" if one.place == 1 else ""
            said.append(f"Key {one.place}, {one.key_id}{what}: {_counted(one.values, 'value')}.")
        else:
            why = "lost" if one.is_lost else "not at hand"
            said.append(f"Key {one.key_id} ({why}): {_counted(one.values, 'value')}.")
    return said


def _after(counts: Iterable[KeyCount], free: tuple[str, ...], unopened: int) -> list[str]:
    said = []
    left = [one for one in counts if one.place != 1 and one.values]
    others = sum(one.values for one in left) - unopened
    if unopened:
        said.append(
            f"{_counted(unopened, 'value')} cannot be opened with the keys at hand, and "
            f"{'was' if unopened == 1 else 'were'} left as {'it is' if unopened == 1 else 'they are'}."
        )
    if others > 0:
        said.append(
            f"{_counted(others, 'value')} {'is' if others == 1 else 'are'} not under it yet: a bot that still encrypts "
            "under another key, or under none, wrote meanwhile. Restart it with the same keys, and run this again."
        )
    if free:
        named = f"Key {free[0]} is" if len(free) == 1 else f"Keys {', '.join(free)} are"
        said.append(f"{named} no longer needed, but for backups made until now.")
    return said


def _counted(count: int, one: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {one}s"
