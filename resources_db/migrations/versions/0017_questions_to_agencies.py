"""A campaign knows which team asks; a word about room that ended knows that the agency was asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("org_id", sa.Uuid(), nullable=True))
    op.add_column("capacity_statement", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("capacity_statement", "asked_at")
    op.drop_column("campaign", "org_id")
