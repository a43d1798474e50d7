"""A patient may take an answer back: the answer stays, a row beside it says that it counts no more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_taken_back",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["patient_answer.id"], name=op.f("fk_answer_taken_back_answer_id_patient_answer")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_answer_taken_back_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_taken_back")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_answer_taken_back_answer_id")),
    )
    op.create_index(op.f("ix_answer_taken_back_org_id"), "answer_taken_back", ["org_id"])
    _append_only("answer_taken_back")


def downgrade() -> None:
    op.drop_table("answer_taken_back")


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
