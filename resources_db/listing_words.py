"""The work on words of listings in other languages: what is missing where people look, drafts, review.

Reading them is `repositories.listing_texts`. A text has one row per field and language; who reads it marks it reviewed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db import audit, redirects, reviews
from resources_db.models.directory import ListingText
from resources_db.models.people import Patient
from resources_db.models.referrals import Referral
from resources_db.models.upkeep import ListingReview, RecordHistory
from resources_db.repositories import listing_texts, listings
from resources_db.repositories.listing import Listing
from resources_db.tenancy import actor_of
from resources_db.vocab import ReviewState, ReviewWhy, WordsOrigin, WordsState

LOOKS_BACK: Final = timedelta(days=90)
MOST_SERVICES: Final = 60
MOST_LETTERS: Final = 2_000
MISSING, OUTDATED, DRAFT = "missing", "outdated", "draft"
_ORDER: Final = {OUTDATED: 0, DRAFT: 1, MISSING: 2}
Known = Callable[[Listing, str], bool]
"""Whether the catalogs say this field of a listing already, so that nobody has to translate it."""


class WordsError(Exception):
    """`code`: not_found, empty, too_long, changed (the source is another one by now)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that people who read this language get in English. `used`: how often it was sent to them lately."""

    listing: Listing
    field: str
    state: str
    used: int


@dataclass(frozen=True, slots=True)
class Work:
    """One field of one listing with its translation, if there is one. `before`: the source it was made from."""

    listing: Listing
    field: str
    source: str
    row: ListingText | None
    outdated: bool
    before: str

    @property
    def source_hash(self) -> str:
        """Which source stands on the page a translator looks at."""
        return listing_texts.source_hash(self.source)


def gaps(session: Session, lang: str, *, known: Known, now: datetime) -> list[Gap]:
    """What is not shown in that language, of the listings used most by people who read it; never of other people's
    names or needs, only counts of listings.
    """
    used = _used(session, lang, now)
    anybody = _used(session, "", now)
    rows = _rows(session, lang)
    ordered = [*used, *(one for one in anybody if one not in used)][:MOST_SERVICES]
    wanted = dict.fromkeys([*ordered, *rows])
    first: dict[uuid.UUID, Listing] = {}
    for listing in listings.of_services(session, wanted):
        first.setdefault(listing.service_id, listing)
    found = [
        Gap(first[service], field, state, used.get(service, 0))
        for service in wanted
        if service in first
        for field in listing_texts.EVERY
        if (state := _state(first[service], field, rows.get(service, {}).get(field), known))
    ]
    return sorted(found, key=lambda one: (-one.used, _ORDER[one.state]))


def look(session: Session, service_id: uuid.UUID, field: str, lang: str) -> Work:
    """One field to work on; raises WordsError("not_found") where the listing says nothing there."""
    found = next(iter(listings.of_services(session, [service_id])), None)
    if found is None or field not in listing_texts.EVERY or not listing_texts.source(found, field):
        raise WordsError("not_found")
    query = select(ListingText).where(ListingText.record_id == service_id, ListingText.field == field)
    row = session.scalar(query.where(ListingText.lang == lang))
    source = listing_texts.source(found, field)
    outdated = row is not None and row.source_hash != listing_texts.source_hash(source)
    before = _before(session, service_id, row.source_hash) if row is not None and outdated else ""
    return Work(found, field, source, row, outdated, before)


def has(session: Session, service_id: uuid.UUID, field: str, lang: str) -> bool:
    """Whether anybody wrote these words already."""
    query = select(ListingText.id).where(ListingText.record_id == service_id, ListingText.field == field)
    return session.scalar(query.where(ListingText.lang == lang)) is not None


def save(
    session: Session, work: Work, lang: str, text: str, *, reviewed: bool, seen: str, now: datetime
) -> ListingText:
    """Keep the words: as a draft, or read and good to show. `seen` is the hash of the source on the page."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise WordsError("empty")
    if len(words) > MOST_LETTERS:
        raise WordsError("too_long")
    if seen != work.source_hash:
        raise WordsError("changed")
    row = work.row or ListingText(record_id=work.listing.service_id, field=work.field, lang=lang, at=now)
    if row.text != words or not row.editor_id:
        row.editor_id, row.at = actor_of(session).user_id, now
    if row.text != words:
        row.origin = WordsOrigin.HUMAN
    row.text, row.source_hash = words, work.source_hash
    _settle(session, row, reviewed=reviewed, now=now)
    session.add(row)
    session.flush()
    _tell(session, row, now)
    return row


def still_true(session: Session, work: Work, *, seen: str, now: datetime) -> ListingText:
    """The source changed, the translation says the right thing all the same."""
    if work.row is None:
        raise WordsError("not_found")
    if seen != work.source_hash:
        raise WordsError("changed")
    work.row.source_hash = work.source_hash
    _settle(session, work.row, reviewed=True, now=now)
    session.flush()
    _tell(session, work.row, now)
    return work.row


def open_tasks(session: Session, *, now: datetime) -> int:
    """A task for each listing whose shown words are outdated, once. Gives how many were opened."""
    texts = session.scalars(select(ListingText).where(ListingText.state == WordsState.REVIEWED)).all()
    waiting = select(ListingReview.service_id).where(
        ListingReview.why == ReviewWhy.WORDS_OUTDATED, ListingReview.state.in_(reviews.OPEN)
    )
    told = set(session.scalars(waiting))
    outdated = _outdated(session, texts) - told
    for service_id in sorted(outdated, key=str):
        reviews.open_review(session, service_id=service_id, why=ReviewWhy.WORDS_OUTDATED, from_role="clock", now=now)
    return len(outdated)


def _outdated(session: Session, texts: Iterable[ListingText]) -> set[uuid.UUID]:
    held: dict[uuid.UUID, list[ListingText]] = {}
    for row in texts:
        held.setdefault(row.record_id, []).append(row)
    standing: dict[uuid.UUID, list[Listing]] = {}
    for listing in listings.of_services(session, held):
        standing.setdefault(listing.service_id, []).append(listing)
    return {
        service
        for service, places in standing.items()
        for row in held[service]
        if row.field in listing_texts.EVERY
        and any(listing_texts.source(one, row.field) for one in places)  # words of nothing just rest
        and not any(listing_texts.is_of(row, one) for one in places)
    }


def _used(session: Session, lang: str, now: datetime) -> dict[uuid.UUID, int]:
    """Referrals of the last ninety days by service, most first, over all teams: counts only, below the tenant wall."""
    query = select(Referral.service_id, func.count().label("sent")).where(Referral.sent_at >= now - LOOKS_BACK)
    if lang:
        query = query.join(Patient, Patient.id == Referral.patient_id).where(Patient.language == lang)
    query = query.group_by(Referral.service_id).order_by(func.count().desc(), Referral.service_id)
    counted = session.connection().execute(query.limit(MOST_SERVICES)).all()
    led = redirects.of(session, [service for service, _sent in counted])
    found: dict[uuid.UUID, int] = {}
    for service, sent in counted:
        stands = led.get(service, service)
        found[stands] = found.get(stands, 0) + sent
    return found


def _rows(session: Session, lang: str) -> Mapping[uuid.UUID, Mapping[str, ListingText]]:
    found: dict[uuid.UUID, dict[str, ListingText]] = {}
    for row in session.scalars(select(ListingText).where(ListingText.lang == lang)):
        found.setdefault(row.record_id, {})[row.field] = row
    return found


def _state(listing: Listing, field: str, row: ListingText | None, known: Known) -> str:
    if not listing_texts.source(listing, field) or known(listing, field):
        return ""
    if row is None:
        return MISSING
    if not listing_texts.is_of(row, listing):
        return OUTDATED
    return "" if listing_texts.may_show(row, machine=False) else DRAFT


def _before(session: Session, service_id: uuid.UUID, source_hash: str) -> str:
    """The source a translation was made from, as far as the history of the listing still holds it."""
    query = select(RecordHistory.old).where(RecordHistory.service_id == service_id, RecordHistory.old != "")
    said = session.scalars(query.order_by(RecordHistory.seq.desc()).limit(200))
    return next((text for text in said if listing_texts.source_hash(text) == source_hash), "")


def _settle(session: Session, row: ListingText, *, reviewed: bool, now: datetime) -> None:
    row.state = WordsState.REVIEWED if reviewed else WordsState.DRAFT
    row.reviewed_by, row.reviewed_at = (actor_of(session).user_id, now) if reviewed else (None, None)


def _tell(session: Session, row: ListingText, now: datetime) -> None:
    audit.record(session, action=f"listing_words.{row.state}", subject_kind="listing_text", subject_id=row.id, now=now)
    if row.state == WordsState.REVIEWED and not _outdated(
        session,
        session.scalars(
            select(ListingText).where(ListingText.record_id == row.record_id, ListingText.state == WordsState.REVIEWED)
        ),
    ):
        tasks = select(ListingReview).where(
            ListingReview.service_id == row.record_id,
            ListingReview.why == ReviewWhy.WORDS_OUTDATED,
            ListingReview.state.in_(reviews.OPEN),
        )
        for task in session.scalars(tasks).all():
            reviews.close(session, task.id, state=ReviewState.DONE, now=now)
