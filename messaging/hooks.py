"""What messaging asks of those who know why a text was sent; it knows nothing of referrals itself.

Wiring fills this in. Each hook is called inside messaging's transaction: it flushes at most, and never sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading
    from resources_db.models.messages import InboundMessage, Message, SmsQuestion


def _still_open(_session: Session, _message: Message) -> bool:
    return True


def _not_mine(_session: Session, _inbound: InboundMessage, _reading: Reading, _question: SmsQuestion | None) -> bool:
    return False


def _nothing(_session: Session, _inbound: InboundMessage, _reading: Reading) -> None:
    return


def _no_failure(_session: Session, _message: Message) -> None:
    return


@dataclass(frozen=True, slots=True)
class Hooks:
    """The defaults do nothing, so that messaging works alone (tests, a bare worker).

    `subject_still_open`: whether a queued text still makes sense; False cancels it.
    `on_answer`: a digit, with the open question of the number if it has one; False means that it answers nothing, and
    it goes to people as free text.
    `on_free_text`: words for a person, `reading.kind` free or hold; `reading.danger` puts it on top.
    `on_stop`, `on_start`, `on_help`: the person texted that word (already acted on).
    `on_failed`: a message will not arrive; its state and error code say why.
    """

    subject_still_open: Callable[[Session, Message], bool] = _still_open
    on_answer: Callable[[Session, InboundMessage, Reading, SmsQuestion | None], bool] = _not_mine
    on_free_text: Callable[[Session, InboundMessage, Reading], None] = _nothing
    on_stop: Callable[[Session, InboundMessage, Reading], None] = _nothing
    on_start: Callable[[Session, InboundMessage, Reading], None] = _nothing
    on_help: Callable[[Session, InboundMessage, Reading], None] = _nothing
    on_failed: Callable[[Session, Message], None] = _no_failure
