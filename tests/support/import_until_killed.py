"""A program that imports a file, and stops at a moment to be killed there.

Usage: python -m tests.support.import_until_killed URL FILE MOMENT

The moments: `planned`, when the file is read and checked; `ready`, when all is made ready and the write begins;
`written`, when all is written and not yet committed; `stored`, when it is over. It says the moment's name, and waits.
"""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from services.clock import SystemClock
from services.context import Context, Practice, PracticeSettings
from services.imports import entries
from services.imports.request import ImportRequest
from services.imports.running import run_import
from services.imports.storing import PlannedImport
from storage import NO_TENANT, Database, UnitOfWork


def main(url: str, file: str, moment: str) -> None:
    """Import, and stop."""

    def stop_at(name: str) -> None:
        if name == moment:
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()
            sys.stdin.readline()

    def load(context: Context, request: ImportRequest) -> PlannedImport:
        planned = entries.load(context, request)
        stop_at("planned")
        return planned

    def watch(done: int, total: int) -> None:
        if done == 1:
            stop_at("ready")
        if done == total:
            stop_at("written")

    database = Database.open(url)
    run_import(_practice(database), load, ImportRequest(data=Path(file).read_bytes()), watch)
    stop_at("stored")


def _practice(database: Database) -> Practice:
    def found(uow: UnitOfWork) -> int:
        tenant = uow.tenants.default()
        uow.commit()
        return tenant.tenant_id

    tenant_id = database.write(found, tenant_id=NO_TENANT).result()
    settings = PracticeSettings(zone=ZoneInfo("America/New_York"), unknown_member="welcome")
    return Practice(database, SystemClock(), settings, tenant_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
