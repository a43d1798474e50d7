"""Which languages of texts are switched on in this installation, and who decided it."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id


class LanguageSwitch(Base):
    """A draft language was switched on or off for everybody; append-only, the last number of a language counts."""

    __tablename__ = "language_switch"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[Id]
    code: Mapped[str]
    number: Mapped[int]
    """Counts the switches of a language from 1, so that two at once are not both kept."""
    switched_on: Mapped[bool]
    reader: Mapped[str] = mapped_column(default="")
    """The qualified person who has read the words, as the administrator wrote it down."""
    by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime]
