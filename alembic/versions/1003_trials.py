"""What is only tried, a dry run or the diff of a proposal, takes no writers' lock.

Revision ID: 1003
Revises: 1002
"""

from pathlib import Path

from alembic import op

revision = "1003"
down_revision = "1002"
branch_labels = None
depends_on = None

UNLESS_TRIED = "current_setting('parley.trial', true) is distinct from 'on'"


def upgrade() -> None:
    execute(written())


def downgrade() -> None:
    # The condition stays in place, and holds for all.
    execute(written().replace(UNLESS_TRIED, "true"))


def written() -> str:
    return Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def execute(sql: str) -> None:
    # As it is written: neither a colon nor a percent sign is a placeholder.
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
