"""SQLModel tables, the ledger, the unit of work, migrations."""
