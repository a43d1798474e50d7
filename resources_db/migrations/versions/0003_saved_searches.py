"""Saved searches with their events, counts of unanswered searches, and a reason for the day's list: a place opened."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOVES = ("saved", "watched", "unwatched", "opened", "seen", "removed", "restored")
_WHYS = (
    *("no_reply", "agency_full", "agency_said_no", "not_served", "no_response", "patient_could_not"),
    *("patient_other_help", "patient_wants_call", "patient_wrote", "patient_not_needed", "patient_found_it"),
    *("disagreement", "partly_served", "needs_papers", "home_from_hospital", "date_at_risk", "text_not_delivered"),
    *("stopped_texts", "may_want_stop", "wrong_person", "no_answer_twice", "waitlist_30_days", "link_locked"),
    *("consent_ends", "send_blocked", "unsent_draft", "agency_question", "late_answer", "notice_not_confirmed"),
    *("no_next_step", "manual"),
)
_NEW_WHYS = (*_WHYS[:-1], "place_opened", "manual")


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("query_enc", sa.LargeBinary(), nullable=True),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("fresh", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_saved_search_org_id_org")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_saved_search_patient_id_patient")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_saved_search_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    for column in ("org_id", "patient_id", "user_id"):
        op.create_index(op.f(f"ix_saved_search_{column}"), "saved_search", [column])
    op.create_table(
        "saved_search_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("saved_search_id", sa.Uuid(), nullable=False),
        sa.Column("move", _words("savedsearchmove", _MOVES), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_saved_search_event_org_id_org")),
        sa.ForeignKeyConstraint(
            ["saved_search_id"], ["saved_search.id"], name=op.f("fk_saved_search_event_saved_search_id_saved_search")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search_event")),
    )
    op.create_index(op.f("ix_saved_search_event_org_id"), "saved_search_event", ["org_id"])
    op.create_index("ix_saved_search_event_saved_search_id_at", "saved_search_event", ["saved_search_id", "at"])
    op.create_table(
        "search_tally",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("zip", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "need", "zip", "language", name=op.f("pk_search_tally")),
    )
    _allow_whys(_NEW_WHYS)
    _append_only("saved_search_event")


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM worklist_item WHERE why = 'place_opened'"))
    _allow_whys(_WHYS)
    op.drop_table("search_tally")
    op.drop_table("saved_search_event")
    op.drop_table("saved_search")


def _allow_whys(words: tuple[str, ...]) -> None:
    """Another list of reasons; SQLite makes the table anew for it."""
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("worklist_item") as batch:
        batch.drop_constraint(op.f("ck_worklist_item_whycode"), type_="check")
        batch.create_check_constraint(op.f("ck_worklist_item_whycode"), f"why IN ({listed})")


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
