"""A practice that lives under data keys: a conversation, a backup, a rotation, a move; no word of it lies in plain."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from billing.references import entry_reference
from storage import DataKeys, new_key
from tests.support.bot import ANA, BEN, clinic_with_bot
from tests.support.commands import Run
from tests.support.reading import words
from tests.support.serving import environment, serving
from tests.support.slack import Person, running_slack

AUDIT_KEY = "0123456789abcdef" * 4
MEMBERS = (
    "slack_user_id,display_name,roles\nU0ANA,Ana Reyes,care_manager supervisor\nU0BEN,Dr. Cho,consultant\n"
    "U0KIM,Kim Adams,admin\n"
)
PATIENTS = (
    "mrn,first_name,last_name,birth_date,problems,program,enrolled_on\n"
    "MRN123,Wolverine,Ocelot,3/14/1958,narwhal,cocm,2026-01-05\n"
)
#: What people write and who patients are: each stands in the conversation or the files below, and in no schema.
SECRETS = (
    *("wolverine", "ocelot", "narwhal", "1958-03-14", "3/14/1958", "axolotl", "capybara", "pangolin"),
    *("quokka", "tapir", "okapi", "echidna", "platypus", "dugong"),
)


async def conversation(ana: Person, ben: Person) -> None:
    """Everything that can be said in words of one's own."""
    await ana.command("/cocm log 15m MRN123 phone check-in about the axolotl")
    await ana.command(f"/cocm edit {entry_reference(1)} 20m because of the capybara")
    await ana.say("12m MRN123 call, spoke about a pangolin")
    await ana.sees("Logged 12 min")
    await ana.command("/cocm start MRN123 call on the quokka")
    await ana.command("/cocm cancel")
    await ana.command("/cocm log 10m MRN123 chart review of the tapir")
    await ana.command(f"/cocm void {entry_reference(3)} it was an okapi")
    # A question waits with the words, and is not answered.
    await ana.command("/cocm 15m call with an echidna")
    await ben.command("/cocm review MRN123 10m on platypus")
    await ana.command("/cocm discharge MRN123 moved to the dugong")
    await ana.command("/cocm undo")
    await ana.home()
    (status,) = await ana.command("/cocm status MRN123")
    assert "42 of" in words(status)


def at_rest(folder: Path, pattern: str = "cocm.db*") -> bytes:
    """Every byte of the files."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob(pattern))).lower()


def found_in(stored: bytes) -> set[str]:
    """The secrets that lie there to be read."""
    return {one for one in SECRETS if one.encode() in stored}


def rows_of(url: str) -> bytes:
    """Every value of every table of a PostgreSQL database, as its files hold them."""
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        found = [
            str(value)
            for (name,) in names
            for (value,) in connection.execute(text(f'SELECT t::text FROM "{name}" AS t'))
        ]
    engine.dispose()
    return "\n".join(found).lower().encode()


@pytest.mark.postgres
async def test_no_word_lies_in_plain_in_a_whole_life(
    cocm: Run, sqlite_url: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a conversation over HTTP, in the backup, after its restore, a rotation and the move to PostgreSQL."""
    old, new = new_key(), new_key()
    monkeypatch.setenv("COCM_AUDIT_KEY", AUDIT_KEY)
    monkeypatch.setenv("COCM_DATA_KEYS", old)
    for kind, rows in (("members", MEMBERS), ("patients", PATIENTS)):
        (tmp_path / f"{kind}.csv").write_text(rows, encoding="utf-8")
        cocm("import", kind, f"{kind}.csv")
    async with running_slack(clinic_with_bot()) as slack:
        env = environment(slack, sqlite_url, COCM_AUDIT_KEY=AUDIT_KEY, COCM_DATA_KEYS=old)
        async with serving(env, "--http") as served:
            slack.sandbox.set_request_url(f"{served.url}/slack/events")
            await conversation(slack.person(ANA), slack.person(BEN))
            # While the bot runs, the newest words are in the log beside the file.
            assert found_in(at_rest(tmp_path)) == set()
        assert not any(one in line.lower() for line in served.log for one in SECRETS)
    assert found_in(at_rest(tmp_path)) == set()
    assert b"mrn123" in at_rest(tmp_path), "the file was not looked at"

    cocm("backup", "copy.backup")
    assert found_in(at_rest(tmp_path, "copy.backup*")) == set()
    cocm("restore", "copy.backup", "--yes")
    assert found_in(at_rest(tmp_path)) == set()

    monkeypatch.setenv("COCM_DATA_KEYS", f"{new},{old}")
    assert "is no longer needed" in cocm("keys", "rotate").stdout.decode()
    monkeypatch.setenv("COCM_DATA_KEYS", new)
    stored = at_rest(tmp_path)
    assert found_in(stored) == set()
    assert DataKeys([old]).current_id.encode() + b"." not in stored
    assert b"Everything stands" in cocm("audit", "verify").stdout
    assert b"Ocelot" in cocm("report", "2026-11", "--format", "csv").stdout

    monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)
    cocm("migrate", "--from", sqlite_url)
    moved = rows_of(postgres_url)
    assert found_in(moved) == set()
    assert b"mrn123" in moved
    assert b"Everything stands" in cocm("audit", "verify").stdout
    assert b"Ocelot" in cocm("report", "2026-11", "--format", "csv").stdout
