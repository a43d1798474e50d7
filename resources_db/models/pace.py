"""How fast texts leave: one row a sender, shared by all workers."""

from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base


class SmsPace(Base):
    """The token bucket of a sender. `free_at` is when the next text may leave, in seconds since 1970.

    `faults` counts calls in a row that did not reach the provider or got no answer.
    """

    __tablename__ = "sms_pace"

    sender: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[float] = mapped_column(default=0.0)
    faults: Mapped[int] = mapped_column(default=0)
