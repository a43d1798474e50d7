"""What an agency's contact keeps more: the weekly list, wrong codes over all its links, who changed it last."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NEW = ("digest", "digest_over", "code_misses", "code_missed_at", "changed_at", "changed_by", "version")


def upgrade() -> None:
    op.add_column("agency_contact", sa.Column("digest", sa.Boolean(), server_default="1", nullable=False))
    op.add_column("agency_contact", sa.Column("digest_over", sa.Integer(), server_default="3", nullable=False))
    op.add_column("agency_contact", sa.Column("code_misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("agency_contact", sa.Column("code_missed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("agency_contact", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("agency_contact", sa.Column("changed_by", sa.Uuid(), nullable=True))
    op.add_column("agency_contact", sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    for column in reversed(_NEW):
        op.drop_column("agency_contact", column)
