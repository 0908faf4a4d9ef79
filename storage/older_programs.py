"""Keeps older versions of the program from writing tables that are not theirs anymore (PostgreSQL).

While a practice is upgraded, a bot of the version before may still run beside the new one. Where the tables merely
grew, it may go on; where they changed their meaning, the database itself refuses what it writes, so that nothing is
stored or sent by rules that are no longer true. Each connection says with its first words which revision its program
knows, which costs no round trip. On SQLite there is one bot, which is stopped for the upgrade.
"""

from collections.abc import Collection

#: How a connection says which revision its program knows.
SETTING = "cocm.revision"
#: The last revision that changed what is there, rather than add to it: programs that do not know it write nothing.
LEAST = "0024"
#: PostgreSQL's code for what is refused here; classes that begin with a letter from I on are for one's own use.
REFUSED = "UP001"
#: Every act that stores has its event, and every message its delivery.
GUARDED = ("audit_event", "delivery")
#: The function that refuses, as PostgreSQL keeps it.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_older_program() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('{SETTING}', true), '') < '{LEAST}' THEN
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
        FUNCTION,
        *(
            f"CREATE OR REPLACE TRIGGER {name_of(table)} BEFORE INSERT OR UPDATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_older_program()"
            for table in GUARDED
            if table in present
        ),
    ]
