"""Words that staff send again and again: the shipped ones in the patient's language, the team's, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from i18n import formatting
from i18n.catalog import patient as patient_words
from i18n.catalog import use_language
from referrals.errors import BadInputError, NotFoundError
from resources_db.models.messages import TextTemplate
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.texts import Sender

LONGEST_TITLE, LONGEST_BODY = 60, 500
MOST = 100
_ = patient_words.lazy_pgettext

SHIPPED = {
    # Translators: text message a navigator may send; the name of the team stands before it. %(staff)s is their first
    # name. One GSM-7 segment.
    "call_me": _("sms", "This is %(staff)s. Please call me at %(phone)s when you can."),
    # Translators: text message a navigator may send; the name of the team stands before it. One GSM-7 segment.
    "missed_you": _(
        "sms", "This is %(staff)s. I called and did not reach you. When is a good time? My number is %(phone)s."
    ),
    # Translators: text message a navigator may send; the name of the team stands before it. One GSM-7 segment.
    "how_did_it_go": _("sms", "This is %(staff)s. How did it go? You can write back here or call %(phone)s."),
    # Translators: text message a navigator may send; the name of the team stands before it. One GSM-7 segment.
    "on_it": _("sms", "This is %(staff)s. I am still working on it and will tell you more soon."),
    # Translators: text message a navigator may send; the name of the team stands before it. One GSM-7 segment.
    "bring_papers": _(
        "sms", "This is %(staff)s. Please take the papers on your list with you. Not sure which? Call %(phone)s."
    ),
}
"""Texts every installation has, by their name; the words for choosing one are the page's."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Words a person or the team kept."""

    id: uuid.UUID
    title: str
    body: str
    lang: str
    mine: bool


def shipped(name: str, language: str, sender: Sender) -> str:
    """A shipped text in that language, filled; raises NotFoundError for a name nobody knows."""
    words = SHIPPED.get(name)
    if words is None:
        raise NotFoundError
    with use_language(language):
        return str(words) % {"staff": sender.staff, "phone": formatting.phone(sender.phone)}


def kept(session: Session) -> list[Saved]:
    """The team's words and one's own, by title."""
    own = TextTemplate.owner_id == actor_of(session).user_id
    query = select(TextTemplate).where(TextTemplate.retired_at.is_(None), or_(TextTemplate.owner_id.is_(None), own))
    found = session.scalars(query.order_by(TextTemplate.title).limit(MOST))
    return [Saved(one.id, one.title, one.body, one.lang, one.owner_id is not None) for one in found]


def body_of(session: Session, template_id: uuid.UUID) -> str:
    """The words of one of them; raises NotFoundError for a foreign one."""
    return _own(session, template_id).body


def keep(session: Session, *, title: str, body: str, lang: str, for_team: bool, now: datetime) -> TextTemplate:
    """Keep words for later. Raises BadInputError naming the field."""
    title, body = " ".join(title.split()), body.strip()
    for field, value, longest in (("title", title, LONGEST_TITLE), ("words", body, LONGEST_BODY)):
        if not value:
            raise BadInputError(field, "missing")
        if len(value) > longest:
            raise BadInputError(field, "too_long")
    actor = actor_of(session)
    assert actor.org_id is not None
    template = TextTemplate(
        org_id=actor.org_id,
        owner_id=None if for_team else actor.user_id,
        title=title,
        lang=lang,
        body=body,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(template)
    session.flush()
    return template


def retire(session: Session, template_id: uuid.UUID, *, now: datetime) -> None:
    """Offer these words no longer. The team's can be retired by everybody in it."""
    _own(session, template_id).retired_at = now


def _own(session: Session, template_id: uuid.UUID) -> TextTemplate:
    found = session.scalars(
        select(TextTemplate).where(TextTemplate.id == template_id, TextTemplate.retired_at.is_(None))
    ).one_or_none()
    if found is None or found.owner_id not in {None, actor_of(session).user_id}:
        raise NotFoundError
    return found
