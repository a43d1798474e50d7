"""Finds what changed after a moment: a report as of that moment takes it back."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_referral_event_recorded_at", "referral_event", ["recorded_at"])
    op.create_index("ix_need_event_at", "need_event", ["at"])


def downgrade() -> None:
    op.drop_index("ix_need_event_at", table_name="need_event")
    op.drop_index("ix_referral_event_recorded_at", table_name="referral_event")
