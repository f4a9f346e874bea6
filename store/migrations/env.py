"""Alembic's entry: runs the numbered versions on the connection that `store.schema` hands over."""

from alembic import context

from store.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite changes a column by rebuilding its table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
