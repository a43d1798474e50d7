"""Goals, screenings, bundles, cover, saved views, intake, own clocks; what a person, a consent and a send keep more."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


_TABLES = (
    *("screening_answer", "screening", "need_code", "goal", "intake"),
    *("bundle_item", "saved_view", "questionnaire", "bundle", "agency_clock"),
    *("absence",),
)
_WHYS = (
    *("no_reply", "agency_full", "agency_said_no", "not_served", "no_response"),
    *("patient_could_not", "patient_other_help", "patient_wants_call", "patient_wrote", "patient_not_needed"),
    *("patient_found_it", "disagreement", "partly_served", "needs_papers", "home_from_hospital"),
    *("date_at_risk", "text_not_delivered", "stopped_texts", "may_want_stop", "wrong_person"),
    *("no_answer_twice", "waitlist_30_days", "link_locked", "consent_ends", "send_blocked"),
    *("unsent_draft", "agency_question", "late_answer", "notice_not_confirmed", "no_next_step"),
    *("place_opened", "manual"),
)
_NEW_WHYS = (
    *("waitlist_others", "no_place", "wrong_patient", "screening_waits", "contact_due"),
    *("handed_over", "goal_due", "need_unsure", "self_referred"),
)
_KINDS = (
    *("ask_day_3", "ask_day_10", "ask_day_30", "agency_notice_2", "agency_notice_3"),
    *("agency_overdue", "no_response", "first_contact", "waitlist_check", "appointment_check"),
    *("silent_after_yes", "appointment_reminder", "check_in", "tell_patient"),
)
_NEW_KINDS = (*("agency_confirm", "contact_due", "need_unsure"),)


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["cover_id"], ["app_user.id"], name=op.f("fk_absence_cover_id_app_user")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_absence_org_id_org")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_absence_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_cover_id"), "absence", ["cover_id"])
    op.create_index(op.f("ix_absence_org_id"), "absence", ["org_id"])
    op.create_index(op.f("ix_absence_user_id"), "absence", ["user_id"])

    op.create_table(
        "agency_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_agency_clock_org_id_org")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_agency_clock_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_clock")),
    )
    op.create_index(op.f("ix_agency_clock_org_id"), "agency_clock", ["org_id"])
    op.create_index(op.f("ix_agency_clock_organization_id"), "agency_clock", ["organization_id"])
    op.create_index(
        "uq_agency_clock_open",
        "agency_clock",
        ["org_id", "organization_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND organization_id IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND organization_id IS NOT NULL"),
    )

    op.create_table(
        "bundle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shipped", sa.String(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_bundle_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_bundle_org_id_name")),
    )
    op.create_index(op.f("ix_bundle_org_id"), "bundle", ["org_id"])

    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("license_note", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_questionnaire_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("org_id", "url", "version", name=op.f("uq_questionnaire_org_id_url_version")),
    )
    op.create_index(op.f("ix_questionnaire_org_id"), "questionnaire", ["org_id"])

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_saved_view_org_id_org")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_saved_view_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("org_id", "user_id", "page", "name", name=op.f("uq_saved_view_org_id_user_id_page_name")),
    )
    op.create_index(op.f("ix_saved_view_org_id"), "saved_view", ["org_id"])
    op.create_index(op.f("ix_saved_view_user_id"), "saved_view", ["user_id"])

    op.create_table(
        "bundle_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subneed", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_item_bundle_id_bundle")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_bundle_item_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_item")),
    )
    op.create_index(op.f("ix_bundle_item_bundle_id"), "bundle_item", ["bundle_id"])
    op.create_index(op.f("ix_bundle_item_org_id"), "bundle_item", ["org_id"])

    op.create_table(
        "intake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_team_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "taken",
                "answered",
                "duplicate",
                "not_real",
                name="intakestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_enc", sa.LargeBinary(), nullable=True),
        sa.Column("phone_enc", sa.LargeBinary(), nullable=True),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=True),
        sa.Column("words_enc", sa.LargeBinary(), nullable=True),
        sa.Column("subneed_enc", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("may_text", sa.Boolean(), nullable=False),
        sa.Column("wording_version", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_why", sa.String(), nullable=True),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["care_team_id"], ["care_team.id"], name=op.f("fk_intake_care_team_id_care_team")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_intake_location_id_location")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_intake_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_intake_patient_id_patient")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_intake_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("org_id", "idempotency_key", name=op.f("uq_intake_org_id_idempotency_key")),
    )
    op.create_index(op.f("ix_intake_org_id"), "intake", ["org_id"])
    op.create_index("ix_intake_org_id_state", "intake", ["org_id", "state"])
    op.create_index(op.f("ix_intake_patient_id"), "intake", ["patient_id"])
    op.create_index(op.f("ix_intake_phone_bix"), "intake", ["phone_bix"])

    op.create_table(
        "goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("words_enc", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "completed",
                "cancelled",
                "entered_in_error",
                name="goalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_goal_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_goal_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_goal_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(op.f("ix_goal_need_id"), "goal", ["need_id"])
    op.create_index(op.f("ix_goal_org_id"), "goal", ["org_id"])
    op.create_index(op.f("ix_goal_patient_id"), "goal", ["patient_id"])

    op.create_table(
        "need_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_code_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_need_code_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_code")),
    )
    op.create_index(op.f("ix_need_code_need_id"), "need_code", ["need_id"])
    op.create_index(op.f("ix_need_code_org_id"), "need_code", ["org_id"])

    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("instrument_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_progress",
                "completed",
                "stopped",
                "declined",
                "entered_in_error",
                name="screeningstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["access_link.id"], name=op.f("fk_screening_link_id_access_link")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_screening_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_screening_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint("org_id", "idempotency_key", name=op.f("uq_screening_org_id_idempotency_key")),
    )
    op.create_index(op.f("ix_screening_org_id"), "screening", ["org_id"])
    op.create_index(op.f("ix_screening_patient_id"), "screening", ["patient_id"])

    op.create_table(
        "screening_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value_enc", sa.LargeBinary(), nullable=True),
        sa.Column("positive", sa.Boolean(), nullable=False),
        sa.Column(
            "help_wanted",
            sa.Enum("yes", "no", "unknown", name="helpwanted", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_screening_answer_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_screening_answer_org_id_org")),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name=op.f("fk_screening_answer_screening_id_screening")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_answer")),
        sa.UniqueConstraint("screening_id", "item", name=op.f("uq_screening_answer_screening_id_item")),
    )
    op.create_index(op.f("ix_screening_answer_need_id"), "screening_answer", ["need_id"])
    op.create_index(op.f("ix_screening_answer_org_id"), "screening_answer", ["org_id"])
    op.create_index(op.f("ix_screening_answer_screening_id"), "screening_answer", ["screening_id"])

    op.add_column("consent", sa.Column("discloser", sa.String(), server_default="", nullable=False))
    op.add_column("consent", sa.Column("purpose", sa.String(), server_default="", nullable=False))
    op.add_column("consent", sa.Column("signed_on", sa.Date(), nullable=True))
    op.add_column("consent", sa.Column("told", sa.JSON(), server_default="[]", nullable=False))

    op.add_column("patient", sa.Column("contact_prohibited", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("patient", sa.Column("pinned_until", sa.Date(), nullable=True))
    op.add_column("patient", sa.Column("pinned_because_enc", sa.LargeBinary(), nullable=True))
    op.add_column("patient", sa.Column("closed_why", sa.String(), nullable=True))

    op.add_column("send_batch", sa.Column("bundle_id", sa.Uuid(), nullable=True))
    _allow("worklist_item", "why", "whycode", (*_WHYS, *_NEW_WHYS))
    _allow("referral_task", "kind", "taskkind", (*_KINDS, *_NEW_KINDS))


def downgrade() -> None:
    for table, column, added in (("worklist_item", "why", _NEW_WHYS), ("referral_task", "kind", _NEW_KINDS)):
        rows = sa.table(table, sa.column(column))
        op.execute(rows.delete().where(rows.c[column].in_(added)))
    _allow("worklist_item", "why", "whycode", _WHYS)
    _allow("referral_task", "kind", "taskkind", _KINDS)
    op.drop_column("send_batch", "bundle_id")
    for column in ("closed_why", "pinned_because_enc", "pinned_until", "contact_prohibited"):
        op.drop_column("patient", column)
    for column in ("told", "signed_on", "purpose", "discloser"):
        op.drop_column("consent", column)
    for table in _TABLES:
        op.drop_table(table)


def _allow(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    """Another list of words; SQLite makes the table anew for it."""
    listed = ", ".join(f"'{word}'" for word in words)
    constraint = op.f(f"ck_{table}_{name}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
