"""Alembic's entry: runs the migrations on the connection that `store.database.migrations.upgrade` passes."""

from alembic import context

from store.database.migrations import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
