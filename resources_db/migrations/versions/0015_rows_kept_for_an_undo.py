"""History keeps the rows behind changed words, so that an undo is exact."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("record_history", sa.Column("kept", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("record_history", "kept")
