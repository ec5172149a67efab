"""Lists in the order of days, from any day on: what an index needs to answer them.

A list that is asked for what lasts until a day or longer has two parts. From that day on it is read in its order. What
began before is a vague date, such as a month, that may stand anywhere between others: an index of ranges has those,
and leaves out all that are one day.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The column whose first day each of these is listed by.
ORDERED_BY = {"talk": "starts", "statement": "said", "deadline": "due", "milestone": "at"}

# Like all indexes, on what was as on what is: `known` reads both.
SCHEMAS = ("public", "history")


def upgrade() -> None:
    for schema in SCHEMAS:
        # The other tables have theirs since 0002.
        op.execute(f"create index milestone_at on {schema}.milestone (((at).earliest), id)")
        for table, column in ORDERED_BY.items():
            op.execute(f"""
                create index {table}_vague on {schema}.{table}
                using gist (daterange(({column}).earliest, ({column}).latest, '[]'))
                where ({column}).latest is distinct from ({column}).earliest
            """)


def downgrade() -> None:
    for schema in SCHEMAS:
        op.execute(f"drop index {schema}.milestone_at")
        for table in ORDERED_BY:
            op.execute(f"drop index {schema}.{table}_vague")
