"""Keeps older versions of the program from writing tables that are not theirs anymore (PostgreSQL).

While a practice is upgraded, a bot of the version before may still run beside the new one. Where the tables merely
grew, it may go on; where they changed their meaning, the database itself refuses what it writes, so that nothing is
stored or sent by rules that are no longer true. Each connection says with its first words which revision its program
knows, which costs no round trip. On SQLite there is one bot, which is stopped for the upgrade.
"""

from collections.abc import Collection

from sqlalchemy import Connection

#: How a connection says which revision its program knows.
SETTING = "cocm.revision"
#: The last revision that changed what is there, rather than add to it: programs that do not know it write nothing.
LEAST = "0026"
#: PostgreSQL's code for what is refused here; classes that begin with a letter from I on are for one's own use.
REFUSED = "UP001"
#: Every act that stores has its event, and every message its delivery.
GUARDED = ("audit_event", "delivery")
#: Where programs can ask which revision they must know. Were it immutable, open sessions would go by the old one.
ASKED = "least_program_revision()"
_LEAST_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {ASKED} RETURNS text LANGUAGE sql STABLE AS $$SELECT '{LEAST}'$$"
)
#: The function that refuses, as PostgreSQL keeps it.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_older_program() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('{SETTING}', true), '') < {ASKED} THEN
        RAISE EXCEPTION 'a newer version of the program made these tables' USING ERRCODE = '{REFUSED}';
    END IF;
    RETURN NULL;
END
$$
"""


def name_of(table: str) -> str:
    """The name of a table's trigger that refuses older programs."""
    return f"{table}_by_this_program"


def statements(present: Collection[str]) -> list[str]:
    """What makes the triggers on those of a PostgreSQL database's tables that are there."""
    return [
        _LEAST_FUNCTION,
        FUNCTION,
        *(
            f"CREATE OR REPLACE TRIGGER {name_of(table)} BEFORE INSERT OR UPDATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_older_program()"
            for table in GUARDED
            if table in present
        ),
    ]


def least_known_to(connection: Connection) -> str | None:
    """The revision that programs must know to write, as a newer version may have raised it; None where nobody said."""
    if connection.dialect.name != "postgresql":
        return None
    if connection.exec_driver_sql(f"SELECT to_regprocedure('{ASKED}')").scalar() is None:
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT {ASKED}").scalar()
    return found
