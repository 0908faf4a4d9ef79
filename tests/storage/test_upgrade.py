"""From the first tables to those of billing, with data: nothing is lost, and what is new works."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, insert, inspect, select, text, type_coerce

from billing.episodes import Consent, Episode
from billing.rules import Limit99492, Modifier, Psychotherapy
from storage import Database, UnitOfWork, migrate, triggers
from storage.reminders import ReminderChoice
from tests.support.keeping import kept, read
from tests.support.payers import a_payer
from tests.support.postgres import PostgresServer
from tests.support.storing import NOW, TODAY, SmallPractice, small_practice


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        database = Database.open(f"sqlite:///{tmp_path}/cocm.db")
        yield database
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database()
    database = Database.open(server.url_of(name))
    yield database
    database.close()
    server.drop_database(name)


@pytest.fixture
def first_tables(empty: Database) -> Database:
    """A database with the first migration's tables only."""
    migrate.upgrade(engine_of(empty), "0001")
    return empty


@pytest.fixture
def practice(first_tables: Database, tmp_path: Path) -> SmallPractice:
    """The practice of `live`, in the first tables: lived with all tables elsewhere, and carried over."""
    elsewhere = Database.open(f"sqlite:///{tmp_path}/elsewhere.db")
    elsewhere.migrate()
    practice = live(elsewhere)
    old, new = MetaData(), MetaData()
    old.reflect(engine_of(first_tables))
    new.reflect(engine_of(elsewhere))
    with engine_of(elsewhere).connect() as source, engine_of(first_tables).begin() as target:
        for table in old.sorted_tables:
            if table.name == "alembic_version":
                continue
            lived = new.tables[table.name]
            # Types of the old table, which is where the values go.
            columns = [type_coerce(lived.c[column.name], column.type) for column in table.columns]
            named = [column.name for column in table.columns]
            rows = [dict(zip(named, row, strict=True)) for row in source.execute(select(*columns))]
            target.execute(table.delete())
            if rows:
                target.execute(insert(table), rows)
    elsewhere.close()
    return practice


def engine_of(database: Database) -> Engine:
    """The engine that migrations run on."""
    return database._runner.migrating


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for Alembic's own."""
    with engine.connect() as connection, connection.begin():
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        found = {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in sorted(names)}
    return {name: sorted((tuple(row) for row in rows), key=repr) for name, rows in found.items()}


def triggers_of(engine: Engine) -> set[str]:
    """The tables that refuse changes; on PostgreSQL some also refuse older programs."""
    query = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND tgname NOT LIKE '%by_this_program'",
    }[engine.dialect.name]
    with engine.connect() as connection, connection.begin():
        return set(connection.execute(text(query)).scalars())


def live(database: Database) -> SmallPractice:
    """A practice that has logged, corrected, undone and asked."""
    practice = small_practice(database)
    ana = practice.ana.member_id

    def work(uow: UnitOfWork) -> None:
        receipt = uow.ledger.append(
            [practice.entry(), practice.entry(seconds=60), practice.entry(seconds=120)],
            by=ana,
            at=NOW,
            source="chat",
            request_key="trigger-1",
        )
        first, second, _ = receipt.entries
        uow.ledger.correct(first.entry_id, 1, {"seconds": 1200}, by=ana, at=NOW, reason="was longer")
        uow.ledger.void([second.entry_id], by=ana, at=NOW, reason="twice")
        uow.episodes.add(
            Episode(episode_id=0, patient_id=practice.patient.patient_id, consent=Consent(given_on=TODAY))
        )
        uow.pending.ask("split", {"minutes": 5}, member_id=ana, at=NOW, expires_at=NOW)
        uow.audit.record(at=NOW, actor=ana, action="entry.void", subject="entry:2")

    kept(database, work, practice.tenant_id)
    return practice


def test_data_of_the_first_tables_survives(first_tables: Database, practice: SmallPractice) -> None:
    """Every row of the first tables is there after the upgrade, to the letter; the new tables are empty.

    Only the audit chain has grown, by the hashes of what the upgrade found, and facts have their first version.
    """
    before = rows_of(engine_of(first_tables))
    assert all(before.values()), "a table without rows would show nothing"
    assert triggers_of(engine_of(first_tables)) == {"entry_version", "audit_event"}

    first_tables.migrate()

    after = rows_of(engine_of(first_tables))
    for name in before.keys() - {"audit_event", "audit_head"}:
        # Columns that came later are empty.
        assert [row[: len(old)] for row, old in zip(after[name], before[name], strict=True)] == before[name]
        assert {
            value for row, old in zip(after[name], before[name], strict=True) for value in row[len(old) :]
        } <= {None, ""}
    # Events from before have no MAC.
    by_place = {row[:2]: row for row in after["audit_event"]}
    assert [by_place[row[:2]] for row in before["audit_event"]] == [
        (*row, None) for row in before["audit_event"]
    ]
    assert {name for name, rows in after.items() if rows and name not in before} == {"fact_version"}
    assert after.keys() > before.keys()
    assert triggers_of(engine_of(first_tables)) == set(triggers.APPEND_ONLY)

    def look(uow: UnitOfWork) -> None:
        assert uow.chain.findings() == ()
        assert uow.evidence.changed_rows() == ()
        assert uow.ledger.projection_differences() == ()
        (episode,) = uow.episodes.of_patient(practice.patient.patient_id)
        (version,) = uow.facts.versions("episode", episode.episode_id)
        assert (version.n, version.act, version.void, version.by) == (1, "upgrade", False, None)
        assert version.values["consent_given_on"] == TODAY

    read(first_tables, look, practice.tenant_id)


def test_life_goes_on_after_the_upgrade(first_tables: Database, practice: SmallPractice) -> None:
    """A practice upgraded in the middle of its life logs, imports and reads on with the numbers that follow."""
    first_tables.migrate()

    def work(uow: UnitOfWork) -> int:
        return uow.imports.append({"row-1": practice.entry()}, by=practice.ana.member_id, at=NOW)

    assert kept(first_tables, work, practice.tenant_id) == 4
    assert read(first_tables, lambda uow: uow.chain.findings(), practice.tenant_id) == ()


def test_what_members_chose_about_reminders_survives(empty: Database) -> None:
    """A choice made before times could be chosen stands, with no times."""
    engine = engine_of(empty)
    migrate.upgrade(engine, "0003")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO tenant (tenant_id, name) VALUES (1, 'Clinic')",
            (
                "INSERT INTO member (tenant_id, member_id, slack_user_id, display_name, name_key, roles, credential, "
                "department, active) VALUES (1, 7, 'U0ANA', 'Ana', 'ana', 'care_manager', '', '', TRUE)"
            ),
            "INSERT INTO reminder_choice (tenant_id, member_id, off) VALUES (1, 7, 'digest')",
        ):
            connection.execute(text(statement))

    empty.migrate()

    found = read(empty, lambda uow: uow.reminder_choices.all(), 1)
    assert found == {7: ReminderChoice(off=frozenset({"digest"}))}


def test_payers_that_were_imported_keep_what_they_say(empty: Database) -> None:
    """A rule for each column that said something; what was never said is no rule, so that built-in ones may stand."""
    engine = engine_of(empty)
    migrate.upgrade(engine, "0013")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO tenant (tenant_id, name) VALUES (1, 'Clinic')",
            (
                "INSERT INTO payer (tenant_id, name_key, name, covered_codes, g2214_min_seconds, max_99494, "
                "limit_99492, inpatient_counts, psychotherapy, modifiers, fee_schedule, source, verified_on) VALUES "
                "(1, 'oak plan', 'Oak Plan', '99492 99493 99494 G2214', 960, 4, 'per calendar year', FALSE, "
                "'allowed', 'E/M:25 99492:HE', 'Oak 2026', 'letter', '2026-01-02')"
            ),
            (
                "INSERT INTO payer (tenant_id, name_key, name, covered_codes, limit_99492, psychotherapy, "
                "modifiers, fee_schedule, source) VALUES (1, 'birch', 'Birch', '99484 99492 99493 99494', "
                "'per episode', 'blocks', '', '', '')"
            ),
        ):
            connection.execute(text(statement))

    empty.migrate()

    birch, oak = read(empty, lambda uow: uow.payers.all(), 1)
    assert birch == a_payer("Birch")
    assert set(oak.rules) == set(
        a_payer(
            "Oak Plan",
            source="letter",
            verified_on=date(2026, 1, 2),
            covered_codes=frozenset({"99492", "99493", "99494", "G2214"}),
            g2214_min_seconds=960,
            max_99494=4,
            limit_99492=Limit99492.PER_CALENDAR_YEAR,
            inpatient_counts=False,
            psychotherapy=Psychotherapy.ALLOWED,
            modifiers=(Modifier(code="E/M", modifier="25"), Modifier(code="99492", modifier="HE")),
            fee_schedule="Oak 2026",
        ).rules
    )
