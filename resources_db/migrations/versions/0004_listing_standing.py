"""How often listings helped: counts that search orders by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("known >= 5", name=op.f("ck_listing_standing_enough_known")),
        sa.CheckConstraint("helped >= 0 AND helped <= known", name=op.f("ck_listing_standing_helped_of_known")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_listing_standing_location_id_location")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_listing_standing_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_standing")),
    )
    op.create_index(
        "uq_listing_standing_of_a_place", "listing_standing", ["service_id", "location_id", "need"], unique=True
    )


def downgrade() -> None:
    op.drop_table("listing_standing")
