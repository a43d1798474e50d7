"""Consent to text keeps the words as they were said, and who took it back; a stop and a hold keep who decided."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("texting_consent", sa.Column("wording", sa.String(), nullable=False, server_default=""))
    op.add_column("texting_consent", sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
    op.add_column("suppression", sa.Column("by", sa.Uuid(), nullable=True))
    op.add_column("suppression", sa.Column("lifted_by", sa.Uuid(), nullable=True))
    op.add_column("sms_hold", sa.Column("decided", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("sms_hold", "decided")
    op.drop_column("suppression", "lifted_by")
    op.drop_column("suppression", "by")
    op.drop_column("texting_consent", "withdrawn_by")
    op.drop_column("texting_consent", "wording")
