"""What people look for: searches somebody saved and watches, and counts of what was asked and not answered."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Created, Id, JsonDict, TenantRow
from resources_db.encryption import Encrypted, Sealed, sealed
from resources_db.vocab import SavedSearchMove


class SavedSearch(TenantRow, Created, Base):
    """A question somebody wants to ask again. Watched ones are asked for them, until a place has room."""

    __tablename__ = "saved_search"

    id: Mapped[Id]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"), index=True)
    patient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)
    query_enc: Sealed = sealed()
    query = Encrypted()
    """The query string of the search page: it may say where a person lives and what for."""
    watched: Mapped[bool] = mapped_column(default=False)
    known: Mapped[list[str]] = mapped_column(default=list)
    """Keys of listings that had room when we last looked."""
    fresh: Mapped[list[str]] = mapped_column(default=list)
    """Keys of listings that opened since the person last looked."""
    removed_at: Mapped[datetime | None]


class SavedSearchEvent(TenantRow, Base):
    """What happened to a saved search; append-only."""

    __tablename__ = "saved_search_event"
    __table_args__ = (Index("ix_saved_search_event_saved_search_id_at", "saved_search_id", "at"),)

    id: Mapped[Id]
    saved_search_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saved_search.id"))
    move: Mapped[SavedSearchMove]
    at: Mapped[datetime]
    by: Mapped[uuid.UUID | None]
    facts: Mapped[JsonDict] = mapped_column(default=dict)
    """Keys of listings."""


class SearchTally(Base):
    """How often a need was asked for in a place and language in a day, and how often nothing with room answered.

    Counts only: no words of a question, nobody's name, no tenant.
    """

    __tablename__ = "search_tally"

    day: Mapped[date] = mapped_column(primary_key=True)
    need: Mapped[str] = mapped_column(primary_key=True)
    zip: Mapped[str] = mapped_column(primary_key=True)
    """The ZIP code asked about; empty where only a city or nothing was said."""
    language: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    unanswered: Mapped[int] = mapped_column(default=0)
