"""Whether help was asked about at all, and why a screening was entered in error."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("screening_answer", sa.Column("help_asked", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("screening", sa.Column("wrong_because_enc", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("screening", "wrong_because_enc")
    op.drop_column("screening_answer", "help_asked")
