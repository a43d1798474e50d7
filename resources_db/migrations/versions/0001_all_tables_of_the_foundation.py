"""All tables of the foundation."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("texting_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("keys_on", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tf_primary_method", sa.String(), nullable=True),
        sa.Column("tf_totp_secret", sa.String(), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("email", name=op.f("uq_app_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_app_user_fs_uniquifier")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("prev_mac", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_audit_event_chain_seq")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_org_id_at", ["org_id", "at"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "field_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column(
            "field_group",
            sa.Enum(
                "contact",
                "hours",
                "place",
                "who_can_go",
                "what",
                "capacity",
                name="fieldgroup",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "import", "agency", "staff", name="fieldorigin", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "confirmed_method",
            sa.Enum(
                "agency_link",
                "sms_reply",
                "phone_call",
                "visit",
                "website",
                "import",
                name="confirmmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_mark")),
        sa.UniqueConstraint("record_id", "field_group", name=op.f("uq_field_mark_record_id_field_group")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "applied",
                "rolled_back",
                "failed",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_source"), ["source"], unique=False)

    op.create_table(
        "listing_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source_hash", sa.String(), nullable=False),
        sa.Column("editor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_text")),
        sa.UniqueConstraint("record_id", "field", "lang", name=op.f("uq_listing_text_record_id_field_lang")),
    )
    with op.batch_alter_table("listing_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_text_record_id"), ["record_id"], unique=False)

    op.create_table(
        "meta_table_description",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("character_set", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meta_table_description")),
    )
    op.create_table(
        "metadata",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("resource_type", sa.String(), nullable=False),
        sa.Column("last_action_date", sa.Date(), nullable=True),
        sa.Column("last_action_type", sa.String(), nullable=False),
        sa.Column("field_name", sa.String(), nullable=False),
        sa.Column("previous_value", sa.String(), nullable=False),
        sa.Column("replacement_value", sa.String(), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metadata")),
    )
    with op.batch_alter_table("metadata", schema=None) as batch_op:
        batch_op.create_index("ix_metadata_resource_id", ["resource_id"], unique=False)

    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alternate_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("tax_status", sa.String(), nullable=False),
        sa.Column("tax_id", sa.String(), nullable=False),
        sa.Column("year_incorporated", sa.Double(), nullable=True),
        sa.Column("legal_status", sa.String(), nullable=False),
        sa.Column("logo", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("parent_organization_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "confirmed_method",
            sa.Enum(
                "agency_link",
                "sms_reply",
                "phone_call",
                "visit",
                "website",
                "import",
                name="confirmmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "staff", "hidden", name="visibility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index("ix_organization_source", ["source", "external_id"], unique=False)

    op.create_table(
        "queue_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_pause")),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name=op.f("pk_rate_limit")),
    )
    op.create_table(
        "search_change",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_search_change")),
    )
    with op.batch_alter_table("search_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_change_service_id"), ["service_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "sms_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_hold")),
    )
    with op.batch_alter_table("sms_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sms_hold_phone_bix"), ["phone_bix"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "stop_word",
                "page",
                "staff",
                "provider_21610",
                "wrong_number",
                name="suppressionwhy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index(
            "uq_suppression_open",
            ["phone_bix"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "taxonomy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy")),
    )
    op.create_table(
        "tombstone",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_table(
        "unmatched_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("provider_status", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_report")),
    )
    op.create_table(
        "worker_slot",
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_worker_slot")),
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "create",
                "update",
                "same",
                "withdraw",
                "skip",
                "error",
                name="importaction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_change_run_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_change_run_id"), ["run_id"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column(
            "location_type",
            sa.Enum(
                "physical",
                "postal",
                "virtual",
                name="locationtype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alternate_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("transportation", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("external_identifier", sa.String(), nullable=False),
        sa.Column("external_identifier_type", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column(
            "geocode_quality",
            sa.Enum(
                "rooftop",
                "street",
                "zip",
                "city",
                "none",
                name="geocodequality",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("geocode_source", sa.String(), nullable=False),
        sa.Column(
            "confidentiality",
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
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "confirmed_method",
            sa.Enum(
                "agency_link",
                "sms_reply",
                "phone_call",
                "visit",
                "website",
                "import",
                name="confirmmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "staff", "hidden", name="visibility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_location_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_location_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_location_source", ["source", "external_id"], unique=False)

    op.create_table(
        "org",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "care", "agency", "directory", name="orgkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sms_label", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_org_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org")),
    )
    op.create_table(
        "organization_identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("identifier_scheme", sa.String(), nullable=False),
        sa.Column("identifier_type", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_identifier_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_identifier")),
    )
    with op.batch_alter_table("organization_identifier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_identifier_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "program",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alternate_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "confirmed_method",
            sa.Enum(
                "agency_link",
                "sms_reply",
                "phone_call",
                "visit",
                "website",
                "import",
                name="confirmmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "staff", "hidden", name="visibility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_program_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
    )
    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_program_source", ["source", "external_id"], unique=False)

    op.create_table(
        "taxonomy_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("taxonomy", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("taxonomy_id", sa.Uuid(), nullable=True),
        sa.Column("term_uri", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["taxonomy_id"], ["taxonomy.id"], name=op.f("fk_taxonomy_term_taxonomy_id_taxonomy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy_term")),
    )
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taxonomy_term_taxonomy_id"), ["taxonomy_id"], unique=False)

    op.create_table(
        "accessibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_accessibility_location_id_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility")),
    )
    with op.batch_alter_table("accessibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accessibility_location_id"), ["location_id"], unique=False)

    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("attention", sa.String(), nullable=False),
        sa.Column("address_1", sa.String(), nullable=False),
        sa.Column("address_2", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("state_province", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column(
            "address_type",
            sa.Enum(
                "physical",
                "postal",
                "virtual",
                name="locationtype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_address_location_id_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_location_id"), ["location_id"], unique=False)

    op.create_table(
        "attribute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("taxonomy_term_id", sa.Uuid(), nullable=False),
        sa.Column("link_type", sa.String(), nullable=False),
        sa.Column("link_entity", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["taxonomy_term_id"], ["taxonomy_term.id"], name=op.f("fk_attribute_taxonomy_term_id_taxonomy_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute")),
    )
    with op.batch_alter_table("attribute", schema=None) as batch_op:
        batch_op.create_index("ix_attribute_link_id", ["link_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attribute_taxonomy_term_id"), ["taxonomy_term_id"], unique=False)

    op.create_table(
        "care_team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_care_team_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_team")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_care_team_org_id_name")),
    )
    with op.batch_alter_table("care_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_team_org_id"), ["org_id"], unique=False)

    op.create_table(
        "confidential_place",
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_confidential_place_location_id_location")
        ),
        sa.PrimaryKeyConstraint("location_id", name=op.f("pk_confidential_place")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "navigator",
                "supervisor",
                "care_admin",
                "agency_worker",
                "agency_admin",
                "curator",
                "directory_admin",
                "auditor",
                "site_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_membership_org_id_org")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_membership_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("org_id", "user_id", "role", name=op.f("uq_membership_org_id_user_id_role")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "email", name="messagechannel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("to_enc", sa.LargeBinary(), nullable=True),
        sa.Column("to_bix", sa.LargeBinary(), nullable=False),
        sa.Column("email_subject", sa.String(), nullable=True),
        sa.Column("body_enc", sa.LargeBinary(), nullable=True),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("with_person", sa.Boolean(), nullable=False),
        sa.Column("replies_to_inbound", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "unknown",
                "accepted",
                "sent",
                "delivered",
                "undelivered",
                "failed",
                "suppressed",
                "expired",
                "cancelled",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("intent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconcile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("provider_status", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("held_why", sa.String(), nullable=True),
        sa.Column("price", sa.Numeric(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_message_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("org_id", "dedupe_key", name=op.f("uq_message_org_id_dedupe_key")),
        sa.UniqueConstraint("sid", name=op.f("uq_message_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_message_token")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_message_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_message_subject_kind_subject_id", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_to_bix"), ["to_bix"], unique=False)

    op.create_table(
        "org_key",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.Column("master_kid", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_org_key_org_id_org")),
        sa.PrimaryKeyConstraint("org_id", "kid", name=op.f("pk_org_key")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alternate_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "inactive",
                "defunct",
                "temporarily closed",
                name="servicestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("interpretation_services", sa.String(), nullable=False),
        sa.Column("application_process", sa.String(), nullable=False),
        sa.Column("fees_description", sa.String(), nullable=False),
        sa.Column("wait_time", sa.String(), nullable=False),
        sa.Column("fees", sa.String(), nullable=False),
        sa.Column("accreditations", sa.String(), nullable=False),
        sa.Column("eligibility_description", sa.String(), nullable=False),
        sa.Column("minimum_age", sa.Double(), nullable=True),
        sa.Column("maximum_age", sa.Double(), nullable=True),
        sa.Column("assured_date", sa.Date(), nullable=True),
        sa.Column("assurer_email", sa.String(), nullable=False),
        sa.Column("licenses", sa.String(), nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("also_serves", sa.JSON(), nullable=False),
        sa.Column("needs_origin", sa.String(), nullable=False),
        sa.Column(
            "access",
            sa.Enum(
                "walk_in",
                "call_first",
                "appointment",
                "referral_only",
                "online",
                name="access",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "cost_kind",
            sa.Enum(
                "free",
                "sliding",
                "fee",
                "insurance",
                "unknown",
                name="costkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "delivery",
            sa.Enum(
                "site", "home", "phone", "online", name="delivery", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("call_first", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "confirmed_method",
            sa.Enum(
                "agency_link",
                "sms_reply",
                "phone_call",
                "visit",
                "website",
                "import",
                name="confirmmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "staff", "hidden", name="visibility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_service_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_service_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_service_source", ["source", "external_id"], unique=False)

    op.create_table(
        "sms_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_sms_question_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_question")),
    )
    with op.batch_alter_table("sms_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sms_question_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sms_question_phone_bix"), ["phone_bix"], unique=False)
        batch_op.create_index(
            "uq_sms_question_open",
            ["phone_bix", "role"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "sms_usage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_sms_usage_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_usage")),
        sa.UniqueConstraint("org_id", "day", name=op.f("uq_sms_usage_org_id_day")),
    )
    with op.batch_alter_table("sms_usage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sms_usage_org_id"), ["org_id"], unique=False)

    op.create_table(
        "user_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_user_draft_org_id_org")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_draft_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_draft")),
        sa.UniqueConstraint("org_id", "user_id", "form", name=op.f("uq_user_draft_org_id_user_id_form")),
    )
    with op.batch_alter_table("user_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_draft_org_id"), ["org_id"], unique=False)

    op.create_table(
        "agency_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=True),
        sa.Column(
            "preferred",
            sa.Enum(
                "page",
                "link",
                "sms",
                "email",
                "phone",
                "in_person",
                "print",
                "cli",
                "api",
                "clock",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("code_needed", sa.Boolean(), nullable=False),
        sa.Column("best_time", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_agency_contact_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_agency_contact_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_contact")),
    )
    with op.batch_alter_table("agency_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_contact_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_contact_phone_bix"), ["phone_bix"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_contact_service_id"), ["service_id"], unique=False)

    op.create_table(
        "capacity_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "limited",
                "waitlist",
                "full",
                "paused",
                "out_of_funds",
                name="capacitystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_capacity_statement_location_id_location")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_capacity_statement_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_statement")),
    )
    with op.batch_alter_table("capacity_statement", schema=None) as batch_op:
        batch_op.create_index("ix_capacity_statement_service_id_said_at", ["service_id", "said_at"], unique=False)

    op.create_table(
        "care_team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["care_team_id"], ["care_team.id"], name=op.f("fk_care_team_member_care_team_id_care_team")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_care_team_member_org_id_org")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_care_team_member_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_team_member")),
        sa.UniqueConstraint(
            "org_id", "care_team_id", "user_id", name=op.f("uq_care_team_member_org_id_care_team_id_user_id")
        ),
    )
    with op.batch_alter_table("care_team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_team_member_org_id"), ["org_id"], unique=False)

    op.create_table(
        "cost_option",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=True),
        sa.Column("amount_description", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_cost_option_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_option")),
    )
    with op.batch_alter_table("cost_option", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_option_service_id"), ["service_id"], unique=False)

    op.create_table(
        "funding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_funding_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_funding_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding")),
    )
    with op.batch_alter_table("funding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funding_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_funding_service_id"), ["service_id"], unique=False)

    op.create_table(
        "listing_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=False),
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
        sa.Column("submitter_id", sa.Uuid(), nullable=True),
        sa.Column("submitter_label", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "approved",
                "partly",
                "rejected",
                "withdrawn",
                "superseded",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_listing_change_location_id_location")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_listing_change_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_change")),
    )
    with op.batch_alter_table("listing_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_change_service_id"), ["service_id"], unique=False)

    op.create_table(
        "message_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_status", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_event_message_id_message")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_message_event_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_event")),
    )
    with op.batch_alter_table("message_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_event_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_event_org_id"), ["org_id"], unique=False)
        batch_op.create_index(
            "uq_message_event_report",
            ["sid", "provider_status", "error_code"],
            unique=True,
            sqlite_where=sa.text("kind = 'status'"),
            postgresql_where=sa.text("kind = 'status'"),
        )

    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("care_team_id", sa.Uuid(), nullable=False),
        sa.Column("first_name_enc", sa.LargeBinary(), nullable=True),
        sa.Column("last_name_enc", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_enc", sa.LargeBinary(), nullable=True),
        sa.Column("phone_enc", sa.LargeBinary(), nullable=True),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=True),
        sa.Column("phone_flag", sa.String(), nullable=True),
        sa.Column("street_enc", sa.LargeBinary(), nullable=True),
        sa.Column("zip_enc", sa.LargeBinary(), nullable=True),
        sa.Column("zip3", sa.String(), nullable=False),
        sa.Column("household_enc", sa.LargeBinary(), nullable=True),
        sa.Column("safe_contact_enc", sa.LargeBinary(), nullable=True),
        sa.Column("external_bix", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("format_locale", sa.String(), nullable=True),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("travel", sa.String(), nullable=True),
        sa.Column("never_text", sa.Boolean(), nullable=False),
        sa.Column("never_call", sa.Boolean(), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "pinned_tier",
            sa.Enum(
                "1_today",
                "2_this_week",
                "3_in_work",
                "4_steady",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["care_team_id"], ["care_team.id"], name=op.f("fk_patient_care_team_id_care_team")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_patient_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("org_id", "external_bix", name=op.f("uq_patient_org_id_external_bix")),
    )
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_care_team_id"), ["care_team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_patient_org_id_phone_bix", ["org_id", "phone_bix"], unique=False)

    op.create_table(
        "required_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_required_document_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_document")),
    )
    with op.batch_alter_table("required_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_required_document_service_id"), ["service_id"], unique=False)

    op.create_table(
        "service_at_location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "confirmed_method",
            sa.Enum(
                "agency_link",
                "sms_reply",
                "phone_call",
                "visit",
                "website",
                "import",
                name="confirmmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public", "staff", "hidden", name="visibility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_service_at_location_location_id_location")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_at_location_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_at_location")),
    )
    with op.batch_alter_table("service_at_location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_at_location_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_at_location_service_id"), ["service_id"], unique=False)
        batch_op.create_index("ix_service_at_location_source", ["source", "external_id"], unique=False)

    op.create_table(
        "service_capacity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("available", sa.Double(), nullable=False),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_capacity_service_id_service")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_service_capacity_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_capacity")),
    )
    with op.batch_alter_table("service_capacity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_capacity_service_id"), ["service_id"], unique=False)

    op.create_table(
        "url",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_url_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_url_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_url")),
    )
    with op.batch_alter_table("url", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_url_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_url_service_id"), ["service_id"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_web_session_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_web_session_user_id_app_user")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_session")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "access_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "patient",
                "agency",
                "listing_check",
                "digest",
                name="linkpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("number_bix", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["agency_contact.id"], name=op.f("fk_access_link_contact_id_agency_contact")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_access_link_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_access_link_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_link_token_hash")),
    )
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_link_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_link_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_link_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("navigator_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["navigator_id"], ["app_user.id"], name=op.f("fk_assignment_navigator_id_app_user")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_assignment_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_assignment_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_navigator_id"), ["navigator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_org_id"), ["org_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_open",
            ["org_id", "patient_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "one_referral",
                "program",
                "treatment_payment_operations",
                name="consentscope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "paper_scan",
                "e_sign",
                "verbal",
                "patient_page",
                name="consentmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("witness_enc", sa.LargeBinary(), nullable=True),
        sa.Column("wording_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_how", sa.String(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_consent_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_consent_patient_id_patient")),
        sa.ForeignKeyConstraint(["replaces_id"], ["consent.id"], name=op.f("fk_consent_replaces_id_consent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_contact_location_id_location")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["service_at_location.id"],
            name=op.f("fk_contact_service_at_location_id_service_at_location"),
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_contact_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_service_at_location_id"), ["service_at_location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_service_id"), ["service_id"], unique=False)

    op.create_table(
        "inbound_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_sid", sa.String(), nullable=False),
        sa.Column("from_enc", sa.LargeBinary(), nullable=True),
        sa.Column("from_bix", sa.LargeBinary(), nullable=False),
        sa.Column("to_number", sa.String(), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=True),
        sa.Column("opt_out_type", sa.String(), nullable=True),
        sa.Column("read_as", sa.String(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_inbound_message_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_inbound_message_patient_id_patient")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["sms_question.id"], name=op.f("fk_inbound_message_question_id_sms_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_message")),
        sa.UniqueConstraint("message_sid", name=op.f("uq_inbound_message_message_sid")),
    )
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_message_from_bix_at", ["from_bix", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_message_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_message_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "listing_change_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["listing_change.id"], name=op.f("fk_listing_change_field_change_id_listing_change")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_change_field")),
        sa.UniqueConstraint("change_id", "field", name=op.f("uq_listing_change_field_change_id_field")),
    )
    with op.batch_alter_table("listing_change_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_change_field_change_id"), ["change_id"], unique=False)

    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("subneed", sa.String(), nullable=False),
        sa.Column("subneed_full_enc", sa.LargeBinary(), nullable=True),
        sa.Column("details_enc", sa.LargeBinary(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "screening",
                "talk",
                "patient",
                "ehr",
                "import",
                name="needsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "help_wanted",
            sa.Enum("yes", "no", "unknown", name="helpwanted", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "in_work",
                "met",
                "unmet_closed",
                "not_wanted",
                "unknown",
                name="needstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum("routine", "urgent", name="priority", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("date_at_risk", sa.Date(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_method", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_need_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_need_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "patient_name_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_patient_name_token_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_patient_name_token_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_name_token")),
    )
    with op.batch_alter_table("patient_name_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_name_token_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_patient_name_token_org_id_token", ["org_id", "token"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_name_token_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("dtstart", sa.Date(), nullable=True),
        sa.Column("timezone", sa.Double(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("wkst", sa.String(), nullable=False),
        sa.Column("freq", sa.String(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("byday", sa.String(), nullable=False),
        sa.Column("byweekno", sa.String(), nullable=False),
        sa.Column("bymonthday", sa.String(), nullable=False),
        sa.Column("byyearday", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("opens_at", sa.String(), nullable=False),
        sa.Column("closes_at", sa.String(), nullable=False),
        sa.Column("schedule_link", sa.String(), nullable=False),
        sa.Column("attending_type", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("original_text", sa.String(), nullable=False),
        sa.Column("parse_confidence", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("closes_next_day", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_schedule_location_id_location")),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["service_at_location.id"],
            name=op.f("fk_schedule_service_at_location_id_service_at_location"),
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_schedule_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedule_location_id"), ["location_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_schedule_service_at_location_id"), ["service_at_location_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_schedule_service_id"), ["service_id"], unique=False)

    op.create_table(
        "service_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("extent", sa.String(), nullable=False),
        sa.Column("extent_type", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("zip_codes", sa.JSON(), nullable=False),
        sa.Column("counties", sa.JSON(), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("nationwide", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["service_at_location.id"],
            name=op.f("fk_service_area_service_at_location_id_service_at_location"),
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_area_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_area")),
    )
    with op.batch_alter_table("service_area", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_area_service_at_location_id"), ["service_at_location_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_service_area_service_id"), ["service_id"], unique=False)

    op.create_table(
        "texting_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("phone_bix", sa.LargeBinary(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("neutral", "details", name="textinglevel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("wording_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_how", sa.String(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_texting_consent_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_texting_consent_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texting_consent")),
    )
    with op.batch_alter_table("texting_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_texting_consent_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_texting_consent_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_texting_consent_phone_bix"), ["phone_bix"], unique=False)

    op.create_table(
        "consent_recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organization", "domain", name="recipientkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_recipient_consent_id_consent")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_consent_recipient_org_id_org")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_consent_recipient_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_recipient")),
    )
    with op.batch_alter_table("consent_recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_recipient_consent_id"), ["consent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_recipient_org_id"), ["org_id"], unique=False)

    op.create_table(
        "link_pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("stepped_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["access_link.id"], name=op.f("fk_link_pass_link_id_access_link")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_link_pass_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_pass")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_link_pass_secret_hash")),
    )
    with op.batch_alter_table("link_pass", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_pass_link_id"), ["link_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_pass_org_id"), ["org_id"], unique=False)

    op.create_table(
        "need_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("from_status", sa.String(), nullable=True),
        sa.Column("to_status", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_event_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_need_event_org_id_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_event")),
    )
    with op.batch_alter_table("need_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_event_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_event_org_id"), ["org_id"], unique=False)

    op.create_table(
        "phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("service_at_location_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("extension", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("e164", sa.String(), nullable=False),
        sa.Column("short_code", sa.Boolean(), nullable=False),
        sa.Column("accepts_sms", sa.Boolean(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_phone_contact_id_contact")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_phone_location_id_location")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_phone_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["service_at_location.id"],
            name=op.f("fk_phone_service_at_location_id_service_at_location"),
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_phone_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
    )
    with op.batch_alter_table("phone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_service_at_location_id"), ["service_at_location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_service_id"), ["service_id"], unique=False)

    op.create_table(
        "send_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "released",
                "undone",
                "blocked",
                name="batchstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("releasing_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_why", sa.String(), nullable=True),
        sa.Column("body_enc", sa.LargeBinary(), nullable=True),
        sa.Column("to_enc", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("with_person", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["access_link.id"], name=op.f("fk_send_batch_link_id_access_link")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_send_batch_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_send_batch_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_batch")),
        sa.UniqueConstraint("org_id", "idempotency_key", name=op.f("uq_send_batch_org_id_idempotency_key")),
    )
    with op.batch_alter_table("send_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_send_batch_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_send_batch_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_send_batch_releasing_at"), ["releasing_at"], unique=False)

    op.create_table(
        "service_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "active",
                "on_hold",
                "revoked",
                "completed",
                "entered_in_error",
                name="requeststatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum("routine", "urgent", name="priority", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("asked_enc", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_service_request_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_service_request_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_service_request_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
    )
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_request_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "language",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_language_location_id_location")),
        sa.ForeignKeyConstraint(["phone_id"], ["phone.id"], name=op.f("fk_language_phone_id_phone")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_language_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language")),
    )
    with op.batch_alter_table("language", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_language_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_language_phone_id"), ["phone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_language_service_id"), ["service_id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "seen",
                "accepted",
                "contacting",
                "scheduled",
                "missed",
                "needs_client",
                "receiving",
                "waitlisted",
                "served",
                "partly_served",
                "declined",
                "not_served",
                "withdrawn",
                "no_response",
                "error",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "business_status",
            sa.Enum(
                "sent",
                "viewed",
                "accepted",
                "attempt-1",
                "attempt-2",
                "attempt-3",
                "scheduled",
                "no-show",
                "needs-documents",
                "needs-application",
                "enrolled",
                "service-started",
                "waitlist",
                "completed",
                "completed-partly",
                "declined",
                "failed",
                "withdrawn",
                "expired",
                name="businessstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "priority",
            sa.Enum("routine", "urgent", name="priority", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("shared_fields", sa.JSON(), nullable=False),
        sa.Column("note_for_agency_enc", sa.LargeBinary(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "no-capacity",
                "waitlist-only",
                "not-eligible",
                "out-of-area",
                "service-not-offered",
                "program-closed",
                "funding-exhausted",
                "language-unavailable",
                "needs-more-information",
                "duplicate",
                "safety",
                "other",
                "could-not-reach",
                "no-show",
                "client-declined-help",
                "found-ineligible",
                "documents-missing",
                "client-moved",
                "died",
                "client-declined",
                "consent-revoked",
                "need-met-elsewhere",
                "wrong-service",
                "wrong-patient",
                "admitted-or-incarcerated",
                "unsafe-contact",
                "awaiting-eligibility",
                "awaiting-documents",
                "seasonal",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terminal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("correction_of", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["send_batch.id"], name=op.f("fk_referral_batch_id_send_batch")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_referral_consent_id_consent")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["agency_contact.id"], name=op.f("fk_referral_contact_id_agency_contact")
        ),
        sa.ForeignKeyConstraint(["correction_of"], ["referral.id"], name=op.f("fk_referral_correction_of_referral")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_referral_location_id_location")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_referral_org_id_org")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_referral_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_referral_patient_id_patient")),
        sa.ForeignKeyConstraint(["previous_id"], ["referral.id"], name=op.f("fk_referral_previous_id_referral")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_referral_request_id_service_request")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_referral_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("org_id", "ref", name=op.f("uq_referral_org_id_ref")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_referral_org_id_patient_id", ["org_id", "patient_id"], unique=False)
        batch_op.create_index("ix_referral_org_id_state", ["org_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_service_id"), ["service_id"], unique=False)
        batch_op.create_index(
            "uq_referral_open_attempt",
            ["org_id", "request_id", "service_id"],
            unique=True,
            sqlite_where=sa.text(
                "state NOT IN ('served','partly_served','declined','not_served','withdrawn','no_response','error')"
            ),
            postgresql_where=sa.text(
                "state NOT IN ('served','partly_served','declined','not_served','withdrawn','no_response','error')"
            ),
        )

    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "link",
                "sms",
                "email",
                "phone",
                "in_person",
                "print",
                "cli",
                "api",
                "clock",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("inbound", sa.Boolean(), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "reached",
                "left_message",
                "no_answer",
                "wrong_number",
                name="contactresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_contact_attempt_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_contact_attempt_patient_id_patient")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_contact_attempt_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_attempt_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_attempt_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "link",
                "sms",
                "email",
                "phone",
                "in_person",
                "print",
                "cli",
                "api",
                "clock",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("notice_version", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_note", sa.String(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_disclosure_consent_id_consent")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_disclosure_org_id_org")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_disclosure_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_disclosure_patient_id_patient")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_disclosure_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosure_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disclosure_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("body_enc", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_note_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id_patient")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_note_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "patient_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column(
            "question",
            sa.Enum(
                "open",
                "day_3",
                "day_10",
                "day_30",
                "appointment",
                name="question",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "word",
            sa.Enum(
                "got_help",
                "partly",
                "not_yet",
                "could_not",
                "not_needed",
                "other_help",
                "call_me",
                "solved",
                "partly_solved",
                "not_solved",
                "wrong_person",
                name="patientword",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "no-answer",
                "closed",
                "full",
                "not-eligible",
                "could-not-get-there",
                "language",
                "papers",
                "too-far",
                "cost",
                "felt-unwelcome",
                "other",
                name="patientreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text_enc", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "link",
                "sms",
                "email",
                "phone",
                "in_person",
                "print",
                "cli",
                "api",
                "clock",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["send_batch.id"], name=op.f("fk_patient_answer_batch_id_send_batch")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_patient_answer_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_patient_answer_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_patient_answer_patient_id_patient")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_patient_answer_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_answer")),
        sa.UniqueConstraint("org_id", "idempotency_key", name=op.f("uq_patient_answer_org_id_idempotency_key")),
    )
    with op.batch_alter_table("patient_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_answer_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_answer_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_answer_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_answer_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "referral_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "move",
                "note",
                "message",
                "contact",
                "answer",
                "correction",
                "view",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "sent",
                "seen",
                "accepted",
                "contacting",
                "scheduled",
                "missed",
                "needs_client",
                "receiving",
                "waitlisted",
                "served",
                "partly_served",
                "declined",
                "not_served",
                "withdrawn",
                "no_response",
                "error",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "sent",
                "seen",
                "accepted",
                "contacting",
                "scheduled",
                "missed",
                "needs_client",
                "receiving",
                "waitlisted",
                "served",
                "partly_served",
                "declined",
                "not_served",
                "withdrawn",
                "no_response",
                "error",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "business_status",
            sa.Enum(
                "sent",
                "viewed",
                "accepted",
                "attempt-1",
                "attempt-2",
                "attempt-3",
                "scheduled",
                "no-show",
                "needs-documents",
                "needs-application",
                "enrolled",
                "service-started",
                "waitlist",
                "completed",
                "completed-partly",
                "declined",
                "failed",
                "withdrawn",
                "expired",
                name="businessstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "no-capacity",
                "waitlist-only",
                "not-eligible",
                "out-of-area",
                "service-not-offered",
                "program-closed",
                "funding-exhausted",
                "language-unavailable",
                "needs-more-information",
                "duplicate",
                "safety",
                "other",
                "could-not-reach",
                "no-show",
                "client-declined-help",
                "found-ineligible",
                "documents-missing",
                "client-moved",
                "died",
                "client-declined",
                "consent-revoked",
                "need-met-elsewhere",
                "wrong-service",
                "wrong-patient",
                "admitted-or-incarcerated",
                "unsafe-contact",
                "awaiting-eligibility",
                "awaiting-documents",
                "seasonal",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text_enc", sa.LargeBinary(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "navigator",
                "agency",
                "patient",
                "clock",
                "system",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "link",
                "sms",
                "email",
                "phone",
                "in_person",
                "print",
                "cli",
                "api",
                "clock",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("said_by", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_referral_event_org_id_org")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_event_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
        sa.UniqueConstraint(
            "org_id",
            "referral_id",
            "idempotency_key",
            name=op.f("uq_referral_event_org_id_referral_id_idempotency_key"),
        ),
        sa.UniqueConstraint("org_id", "referral_id", "seq", name=op.f("uq_referral_event_org_id_referral_id_seq")),
    )
    with op.batch_alter_table("referral_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_event_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_event_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "referral_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "ask_day_3",
                "ask_day_10",
                "ask_day_30",
                "agency_notice_2",
                "agency_notice_3",
                "agency_overdue",
                "no_response",
                "first_contact",
                "waitlist_check",
                "appointment_check",
                "silent_after_yes",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["send_batch.id"], name=op.f("fk_referral_task_batch_id_send_batch")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_referral_task_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_referral_task_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_referral_task_patient_id_patient")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_task_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_task")),
        sa.UniqueConstraint("org_id", "dedupe_key", name=op.f("uq_referral_task_org_id_dedupe_key")),
    )
    with op.batch_alter_table("referral_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_task_open",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_referral_task_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_task_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_task_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "worklist_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column(
            "why",
            sa.Enum(
                "no_reply",
                "agency_full",
                "agency_said_no",
                "not_served",
                "no_response",
                "patient_could_not",
                "patient_other_help",
                "patient_wants_call",
                "patient_wrote",
                "patient_not_needed",
                "patient_found_it",
                "disagreement",
                "partly_served",
                "needs_papers",
                "home_from_hospital",
                "date_at_risk",
                "text_not_delivered",
                "stopped_texts",
                "may_want_stop",
                "wrong_person",
                "no_answer_twice",
                "waitlist_30_days",
                "link_locked",
                "consent_ends",
                "send_blocked",
                "unsent_draft",
                "agency_question",
                "late_answer",
                "notice_not_confirmed",
                "no_next_step",
                "manual",
                name="whycode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("words_enc", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "1_today",
                "2_this_week",
                "3_in_work",
                "4_steady",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_how", sa.String(), nullable=True),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_worklist_item_need_id_need")),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_worklist_item_org_id_org")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_worklist_item_owner_id_app_user")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_worklist_item_patient_id_patient")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_worklist_item_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worklist_item")),
    )
    with op.batch_alter_table("worklist_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worklist_item_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_worklist_item_org_id_owner_id", ["org_id", "owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_worklist_item_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_worklist_item_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(
            "uq_worklist_item_open",
            ["org_id", "subject"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("worklist_item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_worklist_item_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_worklist_item_referral_id"))
        batch_op.drop_index(batch_op.f("ix_worklist_item_patient_id"))
        batch_op.drop_index("ix_worklist_item_org_id_owner_id")
        batch_op.drop_index(batch_op.f("ix_worklist_item_org_id"))

    op.drop_table("worklist_item")
    with op.batch_alter_table("referral_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_task_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_task_patient_id"))
        batch_op.drop_index(batch_op.f("ix_referral_task_org_id"))
        batch_op.drop_index(
            "ix_referral_task_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("referral_task")
    with op.batch_alter_table("referral_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_event_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_event_org_id"))

    op.drop_table("referral_event")
    with op.batch_alter_table("patient_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_answer_referral_id"))
        batch_op.drop_index(batch_op.f("ix_patient_answer_patient_id"))
        batch_op.drop_index(batch_op.f("ix_patient_answer_org_id"))
        batch_op.drop_index(batch_op.f("ix_patient_answer_need_id"))

    op.drop_table("patient_answer")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_referral_id"))
        batch_op.drop_index(batch_op.f("ix_note_patient_id"))
        batch_op.drop_index(batch_op.f("ix_note_org_id"))

    op.drop_table("note")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_referral_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_patient_id"))
        batch_op.drop_index(batch_op.f("ix_disclosure_org_id"))

    op.drop_table("disclosure")
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_attempt_patient_id"))
        batch_op.drop_index(batch_op.f("ix_contact_attempt_org_id"))

    op.drop_table("contact_attempt")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referral_open_attempt",
            sqlite_where=sa.text(
                "state NOT IN ('served','partly_served','declined','not_served','withdrawn','no_response','error')"
            ),
            postgresql_where=sa.text(
                "state NOT IN ('served','partly_served','declined','not_served','withdrawn','no_response','error')"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_referral_service_id"))
        batch_op.drop_index(batch_op.f("ix_referral_request_id"))
        batch_op.drop_index(batch_op.f("ix_referral_organization_id"))
        batch_op.drop_index("ix_referral_org_id_state")
        batch_op.drop_index("ix_referral_org_id_patient_id")
        batch_op.drop_index(batch_op.f("ix_referral_org_id"))
        batch_op.drop_index(batch_op.f("ix_referral_due_at"))
        batch_op.drop_index(batch_op.f("ix_referral_batch_id"))

    op.drop_table("referral")
    with op.batch_alter_table("language", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_language_service_id"))
        batch_op.drop_index(batch_op.f("ix_language_phone_id"))
        batch_op.drop_index(batch_op.f("ix_language_location_id"))

    op.drop_table("language")
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_request_patient_id"))
        batch_op.drop_index(batch_op.f("ix_service_request_org_id"))
        batch_op.drop_index(batch_op.f("ix_service_request_need_id"))

    op.drop_table("service_request")
    with op.batch_alter_table("send_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_send_batch_releasing_at"))
        batch_op.drop_index(batch_op.f("ix_send_batch_patient_id"))
        batch_op.drop_index(batch_op.f("ix_send_batch_org_id"))

    op.drop_table("send_batch")
    with op.batch_alter_table("phone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phone_service_id"))
        batch_op.drop_index(batch_op.f("ix_phone_service_at_location_id"))
        batch_op.drop_index(batch_op.f("ix_phone_organization_id"))
        batch_op.drop_index(batch_op.f("ix_phone_location_id"))
        batch_op.drop_index(batch_op.f("ix_phone_contact_id"))

    op.drop_table("phone")
    with op.batch_alter_table("need_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_event_org_id"))
        batch_op.drop_index(batch_op.f("ix_need_event_need_id"))

    op.drop_table("need_event")
    with op.batch_alter_table("link_pass", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_pass_org_id"))
        batch_op.drop_index(batch_op.f("ix_link_pass_link_id"))

    op.drop_table("link_pass")
    with op.batch_alter_table("consent_recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_recipient_org_id"))
        batch_op.drop_index(batch_op.f("ix_consent_recipient_consent_id"))

    op.drop_table("consent_recipient")
    with op.batch_alter_table("texting_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_texting_consent_phone_bix"))
        batch_op.drop_index(batch_op.f("ix_texting_consent_patient_id"))
        batch_op.drop_index(batch_op.f("ix_texting_consent_org_id"))

    op.drop_table("texting_consent")
    with op.batch_alter_table("service_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_area_service_id"))
        batch_op.drop_index(batch_op.f("ix_service_area_service_at_location_id"))

    op.drop_table("service_area")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedule_service_id"))
        batch_op.drop_index(batch_op.f("ix_schedule_service_at_location_id"))
        batch_op.drop_index(batch_op.f("ix_schedule_location_id"))

    op.drop_table("schedule")
    with op.batch_alter_table("patient_name_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_name_token_patient_id"))
        batch_op.drop_index("ix_patient_name_token_org_id_token")
        batch_op.drop_index(batch_op.f("ix_patient_name_token_org_id"))

    op.drop_table("patient_name_token")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_patient_id"))
        batch_op.drop_index(batch_op.f("ix_need_org_id"))

    op.drop_table("need")
    with op.batch_alter_table("listing_change_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_change_field_change_id"))

    op.drop_table("listing_change_field")
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_message_patient_id"))
        batch_op.drop_index(batch_op.f("ix_inbound_message_org_id"))
        batch_op.drop_index("ix_inbound_message_from_bix_at")

    op.drop_table("inbound_message")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_service_id"))
        batch_op.drop_index(batch_op.f("ix_contact_service_at_location_id"))
        batch_op.drop_index(batch_op.f("ix_contact_organization_id"))
        batch_op.drop_index(batch_op.f("ix_contact_location_id"))

    op.drop_table("contact")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_patient_id"))
        batch_op.drop_index(batch_op.f("ix_consent_org_id"))

    op.drop_table("consent")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_assignment_org_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_navigator_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_link_patient_id"))
        batch_op.drop_index(batch_op.f("ix_access_link_org_id"))
        batch_op.drop_index(batch_op.f("ix_access_link_contact_id"))

    op.drop_table("access_link")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_user_id"))

    op.drop_table("web_session")
    with op.batch_alter_table("url", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_url_service_id"))
        batch_op.drop_index(batch_op.f("ix_url_organization_id"))

    op.drop_table("url")
    with op.batch_alter_table("service_capacity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_capacity_service_id"))

    op.drop_table("service_capacity")
    with op.batch_alter_table("service_at_location", schema=None) as batch_op:
        batch_op.drop_index("ix_service_at_location_source")
        batch_op.drop_index(batch_op.f("ix_service_at_location_service_id"))
        batch_op.drop_index(batch_op.f("ix_service_at_location_location_id"))

    op.drop_table("service_at_location")
    with op.batch_alter_table("required_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_required_document_service_id"))

    op.drop_table("required_document")
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_index("ix_patient_org_id_phone_bix")
        batch_op.drop_index(batch_op.f("ix_patient_org_id"))
        batch_op.drop_index(batch_op.f("ix_patient_care_team_id"))

    op.drop_table("patient")
    with op.batch_alter_table("message_event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_message_event_report",
            sqlite_where=sa.text("kind = 'status'"),
            postgresql_where=sa.text("kind = 'status'"),
        )
        batch_op.drop_index(batch_op.f("ix_message_event_org_id"))
        batch_op.drop_index(batch_op.f("ix_message_event_message_id"))

    op.drop_table("message_event")
    with op.batch_alter_table("listing_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_change_service_id"))

    op.drop_table("listing_change")
    with op.batch_alter_table("funding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_service_id"))
        batch_op.drop_index(batch_op.f("ix_funding_organization_id"))

    op.drop_table("funding")
    with op.batch_alter_table("cost_option", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_option_service_id"))

    op.drop_table("cost_option")
    with op.batch_alter_table("care_team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_team_member_org_id"))

    op.drop_table("care_team_member")
    with op.batch_alter_table("capacity_statement", schema=None) as batch_op:
        batch_op.drop_index("ix_capacity_statement_service_id_said_at")

    op.drop_table("capacity_statement")
    with op.batch_alter_table("agency_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_contact_service_id"))
        batch_op.drop_index(batch_op.f("ix_agency_contact_phone_bix"))
        batch_op.drop_index(batch_op.f("ix_agency_contact_organization_id"))

    op.drop_table("agency_contact")
    with op.batch_alter_table("user_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_draft_org_id"))

    op.drop_table("user_draft")
    with op.batch_alter_table("sms_usage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sms_usage_org_id"))

    op.drop_table("sms_usage")
    with op.batch_alter_table("sms_question", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sms_question_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_sms_question_phone_bix"))
        batch_op.drop_index(batch_op.f("ix_sms_question_org_id"))

    op.drop_table("sms_question")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index("ix_service_source")
        batch_op.drop_index(batch_op.f("ix_service_organization_id"))

    op.drop_table("service")
    op.drop_table("org_key")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_to_bix"))
        batch_op.drop_index("ix_message_subject_kind_subject_id")
        batch_op.drop_index("ix_message_state_due_at")
        batch_op.drop_index(batch_op.f("ix_message_org_id"))

    op.drop_table("message")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))
        batch_op.drop_index(batch_op.f("ix_membership_org_id"))

    op.drop_table("membership")
    op.drop_table("confidential_place")
    with op.batch_alter_table("care_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_team_org_id"))

    op.drop_table("care_team")
    with op.batch_alter_table("attribute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attribute_taxonomy_term_id"))
        batch_op.drop_index("ix_attribute_link_id")

    op.drop_table("attribute")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_location_id"))

    op.drop_table("address")
    with op.batch_alter_table("accessibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accessibility_location_id"))

    op.drop_table("accessibility")
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taxonomy_term_taxonomy_id"))

    op.drop_table("taxonomy_term")
    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.drop_index("ix_program_source")
        batch_op.drop_index(batch_op.f("ix_program_organization_id"))

    op.drop_table("program")
    with op.batch_alter_table("organization_identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_identifier_organization_id"))

    op.drop_table("organization_identifier")
    op.drop_table("org")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_index("ix_location_source")
        batch_op.drop_index(batch_op.f("ix_location_organization_id"))

    op.drop_table("location")
    with op.batch_alter_table("import_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_change_run_id"))

    op.drop_table("import_change")
    op.drop_table("worker_slot")
    op.drop_table("unmatched_report")
    op.drop_table("unit")
    op.drop_table("tombstone")
    op.drop_table("taxonomy")
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_suppression_open",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.drop_table("suppression")
    with op.batch_alter_table("sms_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sms_hold_phone_bix"))

    op.drop_table("sms_hold")
    op.drop_table("setting")
    with op.batch_alter_table("search_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_change_service_id"))

    op.drop_table("search_change")
    op.drop_table("rate_limit")
    op.drop_table("queue_pause")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index("ix_organization_source")

    op.drop_table("organization")
    with op.batch_alter_table("metadata", schema=None) as batch_op:
        batch_op.drop_index("ix_metadata_resource_id")

    op.drop_table("metadata")
    op.drop_table("meta_table_description")
    with op.batch_alter_table("listing_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_text_record_id"))

    op.drop_table("listing_text")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_source"))

    op.drop_table("import_run")
    op.drop_table("field_mark")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_org_id_at")

    op.drop_table("audit_event")
    op.drop_table("app_user")
