"""Words that staff text again and again; reminders of appointments and check-ins of one's own choice as due rows."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = (
    *("ask_day_3", "ask_day_10", "ask_day_30", "agency_notice_2", "agency_notice_3", "agency_overdue", "no_response"),
    *("first_contact", "waitlist_check", "appointment_check", "silent_after_yes"),
)
_NEW_KINDS = ("appointment_reminder", "check_in", "tell_patient")


def upgrade() -> None:
    op.create_table(
        "text_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_text_template_org_id_org")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_text_template_owner_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_template")),
    )
    for column in ("org_id", "owner_id"):
        op.create_index(op.f(f"ix_text_template_{column}"), "text_template", [column])
    _allow_kinds((*_KINDS, *_NEW_KINDS))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM referral_task WHERE kind IN ('appointment_reminder', 'check_in', 'tell_patient')"))
    _allow_kinds(_KINDS)
    op.drop_table("text_template")


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    """Another list of kinds; SQLite makes the table anew for it."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("referral_task") as batch:
        batch.drop_constraint(op.f("ck_referral_task_taskkind"), type_="check")
        batch.create_check_constraint(op.f("ck_referral_task_taskkind"), f"kind IN ({listed})")
