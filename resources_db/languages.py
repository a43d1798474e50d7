"""Switches draft languages on and off, and says which are on: who did it, when, and who had read the words.

What a language's words are and whether it is a draft belongs to `i18n`; telling running processes to `portal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from i18n.locales import CatalogState, get
from resources_db import audit
from resources_db.models.languages import LanguageSwitch
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LONGEST_READER = 80


class NotADraftError(ValueError):
    """The language is always on, or we have no words in it."""


class NobodyReadItError(ValueError):
    """A draft may be switched on only after a qualified person has read it: 45 CFR 92.201(c)(3)."""


def history(session: Session) -> dict[str, list[LanguageSwitch]]:
    """Every switch of every language, the newest first; its first row says how a language stands."""
    found: dict[str, list[LanguageSwitch]] = {}
    newest_first = select(LanguageSwitch).order_by(LanguageSwitch.number.desc())
    for row in session.scalars(newest_first):
        found.setdefault(row.code, []).append(row)
    return found


def switched_on(session: Session) -> frozenset[str]:
    """The draft languages that are on now."""
    return frozenset(code for code, rows in history(session).items() if rows[0].switched_on)


def switch_on(session: Session, code: str, reader: str, now: datetime) -> LanguageSwitch | None:
    """Switch a draft on; None when it was on already.

    Raises NotADraftError, and NobodyReadItError when nobody is named who has read the words.
    """
    reader = " ".join(reader.split())[:LONGEST_READER]
    _require_draft(code)
    if not reader:
        raise NobodyReadItError(code)
    return _switch(session, code, on=True, reader=reader, now=now)


def switch_off(session: Session, code: str, now: datetime) -> LanguageSwitch | None:
    """Switch a draft off; None when it was off already. Texts that were written stay as they are.

    Raises NotADraftError.
    """
    _require_draft(code)
    return _switch(session, code, on=False, reader="", now=now)


def _require_draft(code: str) -> None:
    if get(code).status is not CatalogState.DRAFT:
        raise NotADraftError(code)


def _switch(session: Session, code: str, *, on: bool, reader: str, now: datetime) -> LanguageSwitch | None:
    past = history(session).get(code, [])
    if bool(past and past[0].switched_on) is on:
        return None
    row = LanguageSwitch(
        code=code, number=len(past) + 1, switched_on=on, reader=reader, by=actor_of(session).user_id, at=now
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None  # somebody else switched it at the same moment; the page shows how it stands now
    action = "language.on" if on else "language.off"
    audit.record(session, action=action, subject_kind="language", subject_id=code, now=now)
    return row
