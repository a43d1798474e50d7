"""True listings: import jobs, saved mappings, history, policy, claims, reviews, campaigns, duplicates, merges."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sending",
                "paused",
                "done",
                "stopped",
                name="campaignstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "directory_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("live_url", sa.String(), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_source")),
        sa.UniqueConstraint("name", name=op.f("uq_directory_source_name")),
    )
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "not_same",
                "merged",
                "gone",
                name="pairstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("kind", "first_id", "second_id", name=op.f("uq_duplicate_pair_kind_first_id_second_id")),
    )
    op.create_index(op.f("ix_duplicate_pair_first_id"), "duplicate_pair", ["first_id"], unique=False)
    op.create_index(op.f("ix_duplicate_pair_second_id"), "duplicate_pair", ["second_id"], unique=False)
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("header_hash", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_import_mapping_name")),
    )
    op.create_index(op.f("ix_import_mapping_header_hash"), "import_mapping", ["header_hash"], unique=False)
    op.create_table(
        "publish_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "agency_member",
                "agency_link",
                "navigator",
                "patient_report",
                "import",
                "campaign",
                name="changeorigin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "live", "sampled", "review", name="policydecision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publish_policy")),
        sa.UniqueConstraint("risk", "origin", name=op.f("uq_publish_policy_risk_origin")),
    )
    op.create_table(
        "record_history",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_record_history")),
        sa.UniqueConstraint("id", name=op.f("uq_record_history_id")),
    )
    op.create_index(op.f("ix_record_history_change_id"), "record_history", ["change_id"], unique=False)
    op.create_index("ix_record_history_record_id_seq", "record_history", ["record_id", "seq"], unique=False)
    op.create_index(op.f("ix_record_history_run_id"), "record_history", ["run_id"], unique=False)
    op.create_index(op.f("ix_record_history_service_id"), "record_history", ["service_id"], unique=False)
    op.create_table(
        "record_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("picked", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_merge")),
    )
    op.create_index(op.f("ix_record_merge_gone_id"), "record_merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_record_merge_survivor_id"), "record_merge", ["survivor_id"], unique=False)
    op.create_table(
        "staff_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_note")),
    )
    op.create_index(op.f("ix_staff_note_record_id"), "staff_note", ["record_id"], unique=False)
    op.create_table(
        "import_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("mapping_id", sa.Uuid(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "waiting",
                "reading",
                "ready",
                "applying",
                "done",
                "undoing",
                "undone",
                "failed",
                "cancelled",
                name="importstage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("problem_name", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mapping_id"], ["import_mapping.id"], name=op.f("fk_import_job_mapping_id_import_mapping")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_job_run_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index(op.f("ix_import_job_run_id"), "import_job", ["run_id"], unique=False)
    op.create_table(
        "record_redirect",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("new_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["record_merge.id"], name=op.f("fk_record_redirect_merge_id_record_merge")
        ),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_record_redirect")),
    )
    op.create_index(op.f("ix_record_redirect_merge_id"), "record_redirect", ["merge_id"], unique=False)
    op.create_index(op.f("ix_record_redirect_new_id"), "record_redirect", ["new_id"], unique=False)
    op.create_table(
        "confidentiality_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wanted",
            sa.Enum(
                "public",
                "area_only",
                "hidden",
                name="confidentiality",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "approved",
                "refused",
                "withdrawn",
                name="lowerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_confidentiality_ask_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidentiality_ask")),
    )
    op.create_index(op.f("ix_confidentiality_ask_location_id"), "confidentiality_ask", ["location_id"], unique=False)
    op.create_table(
        "listing_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "mailed",
                "verified",
                "refused",
                "ended",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("mailed_to", sa.String(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_listing_claim_org_id_org")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_listing_claim_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_claim")),
    )
    op.create_index(op.f("ix_listing_claim_org_id"), "listing_claim", ["org_id"], unique=False)
    op.create_index(op.f("ix_listing_claim_organization_id"), "listing_claim", ["organization_id"], unique=False)
    op.create_table(
        "ask_rest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["agency_contact.id"], name=op.f("fk_ask_rest_contact_id_agency_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask_rest")),
    )
    op.create_index(op.f("ix_ask_rest_contact_id"), "ask_rest", ["contact_id"], unique=False)
    op.create_table(
        "campaign_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "opened",
                "answered",
                "snoozed",
                "declined",
                "bounced",
                "phone_task",
                "left_out",
                name="askstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why_not", sa.String(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_ask_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["agency_contact.id"], name=op.f("fk_campaign_ask_contact_id_agency_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_ask")),
        sa.UniqueConstraint("campaign_id", "contact_id", name=op.f("uq_campaign_ask_campaign_id_contact_id")),
    )
    op.create_index(op.f("ix_campaign_ask_campaign_id"), "campaign_ask", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_campaign_ask_contact_id"), "campaign_ask", ["contact_id"], unique=False)
    op.create_index("ix_campaign_ask_state_next_at", "campaign_ask", ["state", "next_at"], unique=False)
    op.create_table(
        "listing_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column(
            "why",
            sa.Enum(
                "wrong_number",
                "wrong_hours",
                "closed",
                "moved",
                "not_offered",
                "out_of_area",
                "full",
                "outdated",
                "never_confirmed",
                "no_answer",
                "bounced",
                "call_them",
                "words_outdated",
                "sample",
                "reported",
                name="reviewwhy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_role", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "snoozed",
                "done",
                "dismissed",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_note", sa.String(), nullable=False),
        sa.Column("undo_of", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["listing_change.id"], name=op.f("fk_listing_review_change_id_listing_change")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_listing_review_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_review")),
    )
    op.create_index(op.f("ix_listing_review_service_id"), "listing_review", ["service_id"], unique=False)
    op.create_index("ix_listing_review_state_service_id", "listing_review", ["state", "service_id"], unique=False)
    op.create_table(
        "campaign_listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["campaign_ask.id"], name=op.f("fk_campaign_listing_ask_id_campaign_ask")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_campaign_listing_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_listing")),
        sa.UniqueConstraint(
            "ask_id", "service_id", "location_id", name=op.f("uq_campaign_listing_ask_id_service_id_location_id")
        ),
    )
    op.create_index(op.f("ix_campaign_listing_ask_id"), "campaign_listing", ["ask_id"], unique=False)
    op.create_index(op.f("ix_campaign_listing_service_id"), "campaign_listing", ["service_id"], unique=False)
    op.create_index("ix_import_change_record_id", "import_change", ["record_id"], unique=False)
    op.add_column("import_run", sa.Column("rolled_back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_run", sa.Column("rolled_back_by", sa.Uuid(), nullable=True))
    op.add_column("listing_change", sa.Column("by_policy", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("listing_change", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("listing_change", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("listing_change", sa.Column("undone_by", sa.Uuid(), nullable=True))
    op.add_column("listing_change_field", sa.Column("why", sa.String(), server_default="", nullable=False))
    op.add_column("listing_change_field", sa.Column("published", sa.String(), server_default="", nullable=False))
    op.add_column("listing_text", sa.Column("reviewed_by", sa.Uuid(), nullable=True))
    op.add_column("listing_text", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("phone", sa.Column("vanity", sa.String(), server_default="", nullable=False))
    op.add_column("schedule", sa.Column("holiday", sa.String(), server_default="", nullable=False))
    op.add_column("service", sa.Column("alert_from", sa.Date(), nullable=True))
    op.add_column("service", sa.Column("alert_until", sa.Date(), nullable=True))
    op.add_column("service", sa.Column("takes_referrals", sa.Boolean(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("service", "takes_referrals")
    op.drop_column("service", "alert_until")
    op.drop_column("service", "alert_from")
    op.drop_column("schedule", "holiday")
    op.drop_column("phone", "vanity")
    op.drop_column("listing_text", "reviewed_at")
    op.drop_column("listing_text", "reviewed_by")
    op.drop_column("listing_change_field", "published")
    op.drop_column("listing_change_field", "why")
    op.drop_column("listing_change", "undone_by")
    op.drop_column("listing_change", "undone_at")
    op.drop_column("listing_change", "told_at")
    op.drop_column("listing_change", "by_policy")
    op.drop_column("import_run", "rolled_back_by")
    op.drop_column("import_run", "rolled_back_at")
    op.drop_index("ix_import_change_record_id", table_name="import_change")
    op.drop_index(op.f("ix_campaign_listing_service_id"), table_name="campaign_listing")
    op.drop_index(op.f("ix_campaign_listing_ask_id"), table_name="campaign_listing")
    op.drop_table("campaign_listing")
    op.drop_index("ix_listing_review_state_service_id", table_name="listing_review")
    op.drop_index(op.f("ix_listing_review_service_id"), table_name="listing_review")
    op.drop_table("listing_review")
    op.drop_index("ix_campaign_ask_state_next_at", table_name="campaign_ask")
    op.drop_index(op.f("ix_campaign_ask_contact_id"), table_name="campaign_ask")
    op.drop_index(op.f("ix_campaign_ask_campaign_id"), table_name="campaign_ask")
    op.drop_table("campaign_ask")
    op.drop_index(op.f("ix_ask_rest_contact_id"), table_name="ask_rest")
    op.drop_table("ask_rest")
    op.drop_index(op.f("ix_listing_claim_organization_id"), table_name="listing_claim")
    op.drop_index(op.f("ix_listing_claim_org_id"), table_name="listing_claim")
    op.drop_table("listing_claim")
    op.drop_index(op.f("ix_confidentiality_ask_location_id"), table_name="confidentiality_ask")
    op.drop_table("confidentiality_ask")
    op.drop_index(op.f("ix_record_redirect_new_id"), table_name="record_redirect")
    op.drop_index(op.f("ix_record_redirect_merge_id"), table_name="record_redirect")
    op.drop_table("record_redirect")
    op.drop_index(op.f("ix_import_job_run_id"), table_name="import_job")
    op.drop_table("import_job")
    op.drop_index(op.f("ix_staff_note_record_id"), table_name="staff_note")
    op.drop_table("staff_note")
    op.drop_index(op.f("ix_record_merge_survivor_id"), table_name="record_merge")
    op.drop_index(op.f("ix_record_merge_gone_id"), table_name="record_merge")
    op.drop_table("record_merge")
    op.drop_index(op.f("ix_record_history_service_id"), table_name="record_history")
    op.drop_index(op.f("ix_record_history_run_id"), table_name="record_history")
    op.drop_index("ix_record_history_record_id_seq", table_name="record_history")
    op.drop_index(op.f("ix_record_history_change_id"), table_name="record_history")
    op.drop_table("record_history")
    op.drop_table("publish_policy")
    op.drop_index(op.f("ix_import_mapping_header_hash"), table_name="import_mapping")
    op.drop_table("import_mapping")
    op.drop_index(op.f("ix_duplicate_pair_second_id"), table_name="duplicate_pair")
    op.drop_index(op.f("ix_duplicate_pair_first_id"), table_name="duplicate_pair")
    op.drop_table("duplicate_pair")
    op.drop_table("directory_source")
    op.drop_table("campaign")
