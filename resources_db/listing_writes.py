"""How the text of a field becomes rows and columns of a listing. What a text may be is `listing_fields`."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db import capacity, confidentiality, hours, hours_rows, needs, phones, places
from resources_db.base import Base
from resources_db.hsds.values import plain
from resources_db.importers.spoken import language_code
from resources_db.models import directory as d
from resources_db.repositories.listing import CapacityView, Listing
from resources_db.vocab import CapacityState, GeocodeQuality, NeedsOrigin


class BadFieldError(ValueError):
    """A proposed text that cannot become this field's value."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class Said:
    """By which role and when; what is said of room is kept with both."""

    role: str
    now: datetime
    actor_id: uuid.UUID | None = None


Write = Callable[[Session, Listing, str, Said], None]
Held = Callable[[Session, Listing], Sequence[Base]]


def column(name: str, made: Callable[[str], object] = str.strip) -> Write:
    """Writes a column of the service."""

    def write(session: Session, listing: Listing, text: str, _said: Said) -> None:
        setattr(session.get_one(d.Service, listing.service_id), name, made(text))

    return write


def word(kind: type[StrEnum], empty: StrEnum | None = None) -> Callable[[str], StrEnum | None]:
    """A stored word of this kind; `empty` where nothing was said."""
    return lambda text: kind(text.strip()) if text.strip() else empty


def web(text: str) -> str:
    """A web address with its scheme."""
    return str(plain("uri", text) or "")


def age(text: str) -> float | None:
    """Years as a number, or nothing."""
    return float(text) if text.strip() else None


def day(text: str) -> date | None:
    """A day written as 2026-12-31, or nothing."""
    return date.fromisoformat(text.strip()) if text.strip() else None


def needs_of(session: Session, listing: Listing, text: str, said: Said) -> None:
    """The needs a person named; a sensitive one makes the listing sensitive, none takes that back by itself."""
    service = session.get_one(d.Service, listing.service_id)
    service.needs, service.needs_origin = named_needs(text), NeedsOrigin.STAFF.value
    service.sensitive = service.sensitive or needs.is_sensitive(service.needs)
    confidentiality.hide_unsafe(session, service.id, now=said.now)


def named_needs(text: str) -> list[str]:
    """Ids written with commas between."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def address_column(name: str) -> Write:
    """Writes a column of the place's address."""

    def write(session: Session, listing: Listing, text: str, _said: Said) -> None:
        value = (places.mend_zip(text) or "") if name == "postal_code" else text.strip()
        setattr(_address(session, listing), name, value)
        _unpin(session, listing)

    return write


def _address(session: Session, listing: Listing) -> d.Address:
    found = next(iter(addresses(session, listing)), None)
    if found is None:
        found = d.Address(location_id=listing.location_id)
        session.add(found)
        session.flush()  # the next field of the same address finds it
    return found


def _unpin(session: Session, listing: Listing) -> None:
    """The pin of the old address is wrong now: the middle of the ZIP code until somebody looks the new one up."""
    place = session.get_one(d.Location, listing.location_id)
    area = places.zip_area(_address(session, listing).postal_code)
    place.latitude, place.longitude = (area.latitude, area.longitude) if area else (None, None)
    place.geocode_quality = GeocodeQuality.ZIP if area else GeocodeQuality.NONE
    place.geocode_source = ""


def place_rows(session: Session, listing: Listing) -> Sequence[Base]:
    """The addresses of the place, and the place with its pin."""
    return [*addresses(session, listing), session.get_one(d.Location, listing.location_id)]


def addresses(session: Session, listing: Listing) -> Sequence[d.Address]:
    """The addresses of the place, in their order. Raises BadFieldError for a listing without a place."""
    if listing.location_id is None:
        raise BadFieldError("address_1", "no_place")
    stmt = select(d.Address).where(d.Address.location_id == listing.location_id)
    return session.scalars(stmt.order_by(d.Address.position, d.Address.id)).all()


def _replace(session: Session, old: Sequence[Base], new: Sequence[Base]) -> None:
    for row in old:
        session.delete(row)
    session.flush()  # the old rows leave before the new ones come
    session.add_all(new)


def _link_id(session: Session, listing: Listing) -> uuid.UUID | None:
    stmt = select(d.ServiceAtLocation.id).where(
        d.ServiceAtLocation.service_id == listing.service_id,
        d.ServiceAtLocation.location_id == listing.location_id,
        d.ServiceAtLocation.deleted_at.is_(None),
    )
    return session.scalar(stmt) if listing.location_id else None


def schedules(session: Session, listing: Listing) -> Sequence[d.Schedule]:
    """The hours of this service at this place, or of a service without a place."""
    link = _link_id(session, listing)
    mine = d.Schedule.service_at_location_id == link if link else d.Schedule.service_id == listing.service_id
    return session.scalars(select(d.Schedule).where(mine).order_by(d.Schedule.position, d.Schedule.id)).all()


def hours_of(session: Session, listing: Listing, text: str, _said: Said) -> None:
    """The new words become rules as far as they can be read; the words are kept. They speak for this place only."""
    old = schedules(session, listing)
    link = _link_id(session, listing)
    owner = {"service_at_location_id": link} if link else {"service_id": listing.service_id}
    read = hours.parse(text)
    base = {**owner, "original_text": text.strip()}
    rows = [d.Schedule(**base, **hours_rows.columns_of(rule), position=at) for at, rule in enumerate(read.rules)]
    only_words = [d.Schedule(**base, parse_confidence=0.0)] if text.strip() and not rows else []
    _replace(session, old, rows or only_words)


def own_phones(session: Session, listing: Listing) -> Sequence[d.Phone]:
    """The numbers of this listing; the organization's own are not among them."""
    owners = [d.Phone.service_id == listing.service_id]
    if listing.location_id:
        owners.append(d.Phone.location_id == listing.location_id)
        owners.append(d.Phone.service_at_location_id == _link_id(session, listing))
    stmt = select(d.Phone).where(or_(*owners), d.Phone.private.is_(False))
    return session.scalars(stmt.order_by(d.Phone.position, d.Phone.id)).all()


def numbers(text: str) -> list[phones.ReadPhone]:
    """The numbers of all lines."""
    return [one for line in lines(text) for one in phones.read(line)]


def phones_of(session: Session, listing: Listing, text: str, _said: Said) -> None:
    """Numbers no longer said leave this listing, new ones join it; the organization's own numbers stay."""
    new = {one.e164 or one.number: one for one in numbers(text)}
    for row in own_phones(session, listing):
        if (row.e164 or row.number) not in new:
            session.delete(row)
    session.flush()  # deleted before the new rows are numbered
    shown = {phone.number or phone.display for phone in listing.phones}
    session.add_all(
        d.Phone(
            service_id=listing.service_id,
            number=one.number,
            e164=one.e164 or "",
            extension=one.extension or "",
            type=one.kind,
            description=one.label,
            short_code=one.short_code,
            vanity=one.vanity or "",
            accepts_sms=one.accepts_sms,
            position=at,
        )
        for at, (number, one) in enumerate(new.items())
        if number not in shown
    )


def documents(session: Session, listing: Listing) -> Sequence[d.RequiredDocument]:
    """What to bring, as rows."""
    stmt = select(d.RequiredDocument).where(d.RequiredDocument.service_id == listing.service_id)
    return session.scalars(stmt.order_by(d.RequiredDocument.position, d.RequiredDocument.id)).all()


def documents_of(session: Session, listing: Listing, text: str, _said: Said) -> None:
    """One document a line."""
    new = [
        d.RequiredDocument(service_id=listing.service_id, document=one, position=at)
        for at, one in enumerate(lines(text))
    ]
    _replace(session, documents(session, listing), new)


def spoken(session: Session, listing: Listing) -> Sequence[d.Language]:
    """The service's languages, as rows."""
    stmt = select(d.Language).where(d.Language.service_id == listing.service_id)
    return session.scalars(stmt.order_by(d.Language.position, d.Language.id)).all()


def languages_of(session: Session, listing: Listing, text: str, _said: Said) -> None:
    """Languages with commas or line ends between."""
    names = [name.strip() for name in re.split(r"[,;\n]", text) if name.strip()]
    new = [
        d.Language(service_id=listing.service_id, name=name, code=language_code(name), position=at)
        for at, name in enumerate(names)
    ]
    _replace(session, spoken(session, listing), new)


def ways_in(session: Session, listing: Listing) -> Sequence[d.Accessibility]:
    """What the place says of ramps, lifts and so on, as rows."""
    stmt = select(d.Accessibility).where(d.Accessibility.location_id == listing.location_id)
    return session.scalars(stmt.order_by(d.Accessibility.position, d.Accessibility.id)).all()


def accessibility_of(session: Session, listing: Listing, text: str, _said: Said) -> None:
    """One line each. Raises BadFieldError for a listing without a place."""
    if listing.location_id is None:
        raise BadFieldError("accessibility", "no_place")
    new = [
        d.Accessibility(location_id=listing.location_id, description=one, position=at)
        for at, one in enumerate(lines(text))
    ]
    _replace(session, ways_in(session, listing), new)


_ROOM = re.compile(r"(?P<state>[a-z_]+)(?: until (?P<until>\d{4}-\d{2}-\d{2}))?(?: (?P<weeks>\d{1,3}) weeks)?$")


def room_words(said: CapacityView | None) -> str:
    """A statement about room as the text a proposal holds: `full until 2026-12-24`, `waitlist 6 weeks`, `open`."""
    if said is None:
        return ""
    until = f" until {said.until.isoformat()}" if said.until else ""
    weeks = f" {said.weeks} weeks" if said.weeks else ""
    return f"{said.state.value}{until}{weeks}"


def read_room(text: str) -> tuple[CapacityState, date | None, int | None]:
    """The state, the day and the weeks of such a text. Raises ValueError."""
    found = _ROOM.match(text.strip())
    if found is None:
        raise ValueError(text)
    weeks = found["weeks"]
    return CapacityState(found["state"]), day(found["until"] or ""), int(weeks) if weeks else None


def room_of(session: Session, listing: Listing, text: str, said: Said) -> None:
    """What was said of room is added; what was said before stays."""
    state, until, weeks = read_room(text)
    capacity.state(
        session,
        service_id=listing.service_id,
        location_id=listing.location_id,
        state=state,
        until=until,
        weeks=weeks,
        said_by=said.role,
        now=said.now,
        actor_id=said.actor_id,
    )


def lines(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
