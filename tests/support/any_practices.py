"""Copies of one practice, each for one file to be imported into."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine, inspect, text

from storage import Database
from tests.support.any_facts import MEMBERS, PATIENTS
from tests.support.files import loaded
from tests.support.imports_undone import peopled
from tests.support.reporting import ReportedPractice


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where databases come from, each with the same practice in it."""

    #: A fresh copy's URL; and what takes it away.
    copy: Callable[[], str]
    drop: Callable[[str], None]

    @contextmanager
    def practice(self) -> Iterator[tuple[ReportedPractice, Callable[[], int]]]:
        url = self.copy()
        database = Database.open(url)
        try:
            yield Reopened(database), lambda: everything(url)
        finally:
            database.close()
            self.drop(url)


class Reopened(ReportedPractice):
    """The practice of a copied database, 20 days later."""

    def __init__(self, database: Database) -> None:
        super(ReportedPractice, self).__init__(database)
        self.clock.pass_(days=20)


def founded(url: str) -> None:
    database = Database.open(url)
    practice = peopled(ReportedPractice(database))
    for whose in PATIENTS[1:]:
        practice.enrolled(whose)
    practice.clock.pass_(days=20)
    loaded(practice, "members", MEMBERS)
    database.close()


def everything(url: str) -> int:
    """All rows of all tables."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table: sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{table}"')))
            for table in sorted(inspect(engine).get_table_names())
        }
    engine.dispose()
    return hash(repr(found))
