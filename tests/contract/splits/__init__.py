"""Experiments with several splits in the store, on SQLite and on Postgres."""
