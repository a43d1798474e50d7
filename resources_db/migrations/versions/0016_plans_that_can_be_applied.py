"""A plan of an import can be applied and taken back from its rows alone; a file counts how often work on it began."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_change", sa.Column("kept", sa.JSON(), nullable=True))
    op.add_column("import_change", sa.Column("version", sa.Integer(), nullable=True))
    op.create_index("ix_import_change_run_id_kind", "import_change", ["run_id", "kind", "action", "id"])
    op.add_column("import_job", sa.Column("starts", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("import_job", "starts")
    op.drop_index("ix_import_change_run_id_kind", "import_change")
    op.drop_column("import_change", "version")
    op.drop_column("import_change", "kept")
