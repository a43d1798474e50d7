"""Everything the send page shows, before anything is written: places, consent, facts that leave, the exact text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from i18n import formatting
from i18n.catalog import use_language
from referrals import (
    consent,
    disclosure,
    drafts,
    duplicates,
    links,
    needs,
    people,
    senders,
    text_timing,
    texting,
    texts,
)
from referrals.disclosure import Field, PersonView
from referrals.errors import NotSendableError, Why
from resources_db import needs as catalog
from resources_db.repositories import listings
from resources_db.vocab import Confidentiality

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.duplicates import Warned
    from referrals.text_timing import Rules, Timing
    from referrals.texting import Texting
    from referrals.texts import Text
    from resources_db.listing_key import ListingKey
    from resources_db.models.consents import Consent
    from resources_db.models.people import Need, Patient
    from resources_db.repositories.listings import Listing


@dataclass(frozen=True, slots=True)
class Place:
    """One chosen listing: the need it answers, what its agency would see, and why it cannot be sent, if so."""

    listing: Listing
    need: Need | None
    subneed: str
    fields: tuple[Field, ...]
    person: PersonView
    consent: Consent | None
    problem: Why | None

    @property
    def sensitive(self) -> bool:
        """Whether the place or the need must stay neutral everywhere."""
        return self.listing.sensitive or catalog.is_sensitive([self.subneed])


@dataclass(frozen=True, slots=True)
class Draft:
    """The send page. `timing` says when the text would leave; `text` is None when no text may go out."""

    patient: Patient
    places: tuple[Place, ...]
    texting: Texting
    text: Text | None
    language: str
    timing: Timing
    warnings: tuple[Warned, ...]
    form_key: str

    @property
    def sendable(self) -> bool:
        """Whether Send may be pressed."""
        return bool(self.places) and all(place.problem is None for place in self.places)

    @property
    def missing_consent(self) -> tuple[Place, ...]:
        """Places that wait for consent to share."""
        return tuple(place for place in self.places if place.problem in {Why.NO_CONSENT, Why.PART2_CONSENT})


NOTHING: Mapping[ListingKey, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a place is wanted for: the open needs it may answer, and what was understood or named."""

    open_needs: Sequence[Need]
    wanted: Sequence[str]
    named: bool = False

    def offers(self, listing: Listing) -> tuple[str, ...]:
        """The needs this place may be sent for, the wished ones first."""
        offered = (*listing.needs, *listing.also_serves)
        wished = tuple(subneed for subneed in self.wanted if subneed in offered)
        return wished if self.named else (*wished, *offered)


def prepare(
    session: Session,
    *,
    patient_id: uuid.UUID,
    keys: Sequence[ListingKey],
    form_key: str,
    now: datetime,
    wanted: Sequence[str] = (),
    answering: Mapping[ListingKey, str] = NOTHING,
    language: str | None = None,
    with_person: bool = False,
    rules: Rules = text_timing.USUAL,
    after: uuid.UUID | None = None,
) -> Draft:
    """What would be sent to whom. `wanted` are the sub-needs the search understood; nothing is written.

    `answering` names the need of a place where that was chosen with it. `after` is the attempt this one follows.
    """
    patient = people.get(session, patient_id)
    places = tuple(
        replace(place, problem=place.problem or drafts.already_open(session, place))
        for place in places_of(session, patient, keys, wanted=wanted, answering=answering, now=now)
    )
    allowed = texting.state(session, patient)
    spoken = language or patient.language
    may_text = allowed.allowed and not any(place.subneed in needs.SAFETY for place in places)
    text = text_of(session, patient, places, allowed, links.token_of_form(form_key), spoken, now) if may_text else None
    parts = text.measure.segments if text is not None else 0
    timing = text_timing.of_text(session, patient, segments=parts, now=now, rules=rules, with_person=with_person)
    return Draft(
        patient=patient,
        places=places,
        texting=allowed,
        text=text,
        language=text.language if text is not None else spoken,
        timing=timing,
        warnings=duplicates.warnings(
            session, patient.id, [(place.listing, place.subneed) for place in places], now=now, after=after
        ),
        form_key=form_key,
    )


def places_of(
    session: Session,
    patient: Patient,
    keys: Sequence[ListingKey],
    *,
    wanted: Sequence[str],
    now: datetime,
    answering: Mapping[ListingKey, str] = NOTHING,
) -> tuple[Place, ...]:
    """The chosen listings, each with the need it answers. Raises NotSendableError for a key nobody knows."""
    found = listings.load(session, keys, include_staff=True)
    known = {listing.key for listing in found}
    for key in keys:
        if key not in known:
            raise NotSendableError(Why.UNKNOWN_LISTING, str(key))
    open_needs = needs.open_needs(session, patient.id)
    return tuple(
        _once(
            [
                _place(session, patient, listing, _wish(open_needs, wanted, answering.get(listing.key, "")), now)
                for listing in found
            ]
        )
    )


def text_of(
    session: Session,
    patient: Patient,
    places: Sequence[Place],
    allowed: Texting,
    token: str,
    language: str,
    now: datetime,
) -> Text:
    """The patient's text as it will be sent, link included."""
    sender = senders.of_patient(session, patient.org_id, patient.id)
    detail = None
    if allowed.details and len(places) == 1 and not places[0].sensitive:
        detail = _detail(places[0].listing, language, now)
    return texts.referral(language, sender, links.url_of(token), detail)


def _place(
    session: Session,
    patient: Patient,
    listing: Listing,
    wish: _Wish,
    now: datetime,
) -> Place:
    offers = wish.offers(listing)
    need = needs.answered_by(wish.open_needs, offers)
    subneed = needs.subneed_of(need) if need is not None else next(iter(offers), "")
    if not subneed:
        return Place(listing, None, "", (), disclosure.NOBODY, None, Why.NO_NEED)
    agreed = consent.covering(session, patient.id, organization_id=listing.organization_id, subneed=subneed, now=now)
    fields = disclosure.permitted(subneed, disclosure.known_fields(patient, subneed), agreed)
    person = disclosure.person_view(patient, fields)
    if needs.SAFETY & {subneed, *listing.needs, *listing.also_serves}:
        # A place for people who flee violence gets nothing about anybody, whatever else it offers.
        return Place(listing, need, subneed, (), disclosure.NOBODY, None, Why.DIRECTORY_ONLY)
    return Place(listing, need, subneed, fields, person, agreed, _problem(patient, subneed, agreed))


def _once(places: Sequence[Place]) -> Iterator[Place]:
    """One referral a service: a second one of its places is named, never dropped in silence."""
    seen: set[uuid.UUID] = set()
    for place in places:
        again = place.listing.service_id in seen and place.problem is None
        seen.add(place.listing.service_id)
        yield replace(place, problem=Why.CHOSEN_TWICE) if again else place


def _wish(open_needs: Sequence[Need], wanted: Sequence[str], answering: str) -> _Wish:
    """With a need named for the place, only that one can be meant: not another open need it could answer too."""
    if answering:
        return _Wish([need for need in open_needs if needs.subneed_of(need) == answering], (answering,), named=True)
    return _Wish(open_needs, wanted)


def _problem(patient: Patient, subneed: str, agreed: Consent | None) -> Why | None:
    if patient.closed_at is not None:
        return Why.PATIENT_CLOSED
    if patient.contact_prohibited:
        return Why.CONTACT_PROHIBITED
    if agreed is None:
        return Why.PART2_CONSENT if subneed in consent.PART2_NEEDS else Why.NO_CONSENT
    return None


def _detail(listing: Listing, language: str, now: datetime) -> texts.Place | None:
    """The one place a text may name; None when its hours or its number are not known well enough to text them."""
    phone = listing.main_phone
    if phone is None or listing.confidentiality is not Confidentiality.PUBLIC:
        return None
    span = next((one for one in listing.sure_spans(now) if one[1] > now), None)
    if span is None:
        return None
    zone = ZoneInfo(listing.timezone)
    with use_language(language):
        day = formatting.weekday(span[0].astimezone(zone).weekday(), short=True)
        first, last = (formatting.time(moment, zone).replace(":00", "") for moment in span)
        return texts.Place(listing.name, f"{day} {first}-{last}", phone.number)
