"""Everything the steps of sending need, in one value that wiring makes once a process."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from messaging.hooks import Hooks
from resources_db import tenancy
from resources_db.vocab import ActorKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from messaging.settings import ProviderSettings
    from messaging.transport import MailTransport, TextTransport
    from resources_db.engine import Database


def _wall() -> datetime:
    return datetime.now(UTC)


class InHand:
    """The messages this process is sending at this moment. Whatever its clocks say, nobody here may doubt them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: Counter[uuid.UUID] = Counter()

    def __contains__(self, message_id: object) -> bool:
        with self._lock:
            return message_id in self._ids

    @contextmanager
    def taking(self, message_id: uuid.UUID) -> Iterator[None]:
        """For as long as it is being sent."""
        with self._lock:
            self._ids[message_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._ids[message_id] -= 1
                self._ids += Counter()  # forgets those at zero


@dataclass(frozen=True, slots=True)
class Messenger:
    """`now` is the product's clock (the demo's can be put forward); `wall` and `monotonic` are the machine's."""

    database: Database
    settings: ProviderSettings
    texts: TextTransport
    mails: MailTransport
    hooks: Hooks = field(default_factory=Hooks)
    now: Callable[[], datetime] = _wall
    wall: Callable[[], datetime] = _wall
    monotonic: Callable[[], float] = time.monotonic
    in_hand: InHand = field(default_factory=InHand)

    def writing(self) -> Session:
        """A writing session of the clock's hand, over all orgs."""
        return self.database.writing(tenancy.system(kind=ActorKind.CLOCK))

    def protocol_time(self, session: Session) -> datetime:
        """The time of intents and looks: one clock for all workers, never the demo's."""
        if self.database.is_sqlite:
            return self.wall()
        found: datetime = session.scalars(select(func.clock_timestamp())).one()
        return found.astimezone(UTC)


class Fence:
    """Notices that this process stood still: both clocks, because one of them stops while a machine is suspended."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._monotonic = messenger.monotonic()
        self._wall = messenger.wall()

    def holds(self) -> bool:
        """Whether so little time has passed since the start that posting is still ours to do."""
        at_most = self._messenger.settings.timing.fence
        ran = self._messenger.monotonic() - self._monotonic
        walked = (self._messenger.wall() - self._wall).total_seconds()
        return ran <= at_most.total_seconds() and 0 <= walked <= at_most.total_seconds()
