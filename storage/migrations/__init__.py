"""Alembic's migrations of the schema; `storage.migrate` runs them."""
