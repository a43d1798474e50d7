"""What became of the changes somebody proposed: shown to whoever sent them, field by field, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from portal import field_words
from resources_db import proposals
from resources_db.vocab import ChangeState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from resources_db.models.curation import ListingChange, ListingChangeField


@dataclass(frozen=True, slots=True)
class ToldField:
    """One field: what was proposed and what became of it. Families as in `status.word`."""

    label: str
    text: str
    family: str
    drawing: str
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """One proposal."""

    when: str
    fields: tuple[ToldField, ...]


def of(changes: Iterable[ListingChange], now: datetime) -> list[Told]:
    """The newest first, as they come."""
    return [
        Told(formatting.ago(change.created_at, now), tuple(_field(change, field) for field in change.fields))
        for change in changes
    ]


def _field(change: ListingChange, field: ListingChangeField) -> ToldField:
    family, drawing, verdict = _verdict(change, field)
    text = field_words.shown(field.field, field.new) or _("Nothing")
    return ToldField(field_words.label(field.field), text, family, drawing, verdict, _why(field))


def _verdict(change: ListingChange, field: ListingChangeField) -> tuple[str, str, str]:
    if change.undone_at is not None and field.decision == proposals.ACCEPTED:
        return "warn", "undo", _("Taken back by the directory team")
    if field.decision == proposals.ACCEPTED and field.published:
        return "good", "check", _("Published in other words")
    if field.decision == proposals.ACCEPTED:
        return "good", "check", _("Published")
    if field.decision == proposals.REJECTED:
        return "stop", "cross", _("Not taken")
    if field.decision == proposals.SUPERSEDED:
        return "calm", "clock", _("Replaced by a newer change")
    if change.state is ChangeState.WITHDRAWN:
        return "calm", "cross", _("Withdrawn")
    return "wait", "clock", _("The directory team looks at it")


def _why(field: ListingChangeField) -> str:
    words = field_words.why_not(field.why) if field.why else ""
    if field.decision == proposals.ACCEPTED and field.published:
        published = field_words.shown(field.field, field.published)
        return f"{published} {words}".strip()
    return words
