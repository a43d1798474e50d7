"""How fast texts leave: the token bucket of each sender."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_pace",
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("free_at", sa.Double(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_sms_pace")),
    )


def downgrade() -> None:
    op.drop_table("sms_pace")
