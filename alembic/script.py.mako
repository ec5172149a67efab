"""${message}."""

from alembic import op

revision = "${up_revision}"
down_revision = ${f'"{down_revision}"' if down_revision else None}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    op.execute(
        """
        ${upgrades if upgrades else "select 1"}
        """
    )


def downgrade() -> None:
    op.execute(
        """
        ${downgrades if downgrades else "select 1"}
        """
    )
