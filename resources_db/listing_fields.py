"""The fields of a listing that people propose changes to: how each reads as text, and how a text is written back."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resources_db import hours, hours_rows, phones, places
from resources_db.base import Base
from resources_db.hsds.values import BadValueError, plain
from resources_db.importers.spoken import language_code
from resources_db.models import directory as d
from resources_db.repositories.listing import Listing
from resources_db.vocab import Access, FieldGroup


class BadFieldError(ValueError):
    """A proposed text that cannot become this field's value."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


Write = Callable[[Session, Listing, str], None]
Check = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class ListingField:
    """`check` gives a code when a text cannot be this field's value."""

    name: str
    group: FieldGroup
    read: Callable[[Listing], str]
    write: Write
    check: Check
    many_lines: bool = False


def _anything(_text: str) -> str | None:
    return None


def _needed(text: str) -> str | None:
    return None if text.strip() else "missing"


def _typed(kind: str) -> Check:
    def check(text: str) -> str | None:
        try:
            plain(kind, text)
        except BadValueError as error:
            return error.code
        return None

    return check


def _phone(text: str) -> str | None:
    read = phones.read(text)
    return None if text.strip() == "" or (read and all(one.e164 or one.short_code for one in read)) else "bad_phone"


def _zip(text: str) -> str | None:
    return None if not text.strip() or places.mend_zip(text) else "bad_zip"


def _service_column(column: str) -> Write:
    def write(session: Session, listing: Listing, text: str) -> None:
        setattr(session.get_one(d.Service, listing.service_id), column, text.strip())

    return write


def _web(session: Session, listing: Listing, text: str) -> None:
    session.get_one(d.Service, listing.service_id).url = str(plain("uri", text) or "")


def _access(session: Session, listing: Listing, text: str) -> None:
    session.get_one(d.Service, listing.service_id).access = Access(text) if text.strip() else None


def _address_column(column: str) -> Write:
    def write(session: Session, listing: Listing, text: str) -> None:
        value = (places.mend_zip(text) or "") if column == "postal_code" else text.strip()
        setattr(_address(session, listing), column, value)

    return write


def _address(session: Session, listing: Listing) -> d.Address:
    if listing.location_id is None:
        raise BadFieldError("address_1", "no_place")
    stmt = select(d.Address).where(d.Address.location_id == listing.location_id).order_by(d.Address.position)
    found = session.scalar(stmt.limit(1))
    if found is None:
        found = d.Address(location_id=listing.location_id)
        session.add(found)
    return found


def _replace(session: Session, old: Sequence[d.Part], new: Sequence[Base]) -> None:
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


def _hours(session: Session, listing: Listing, text: str) -> None:
    """The new words become rules as far as they can be read; the words are kept. They speak for this place only."""
    link = _link_id(session, listing)
    owner = {"service_at_location_id": link} if link else {"service_id": listing.service_id}
    column, value = next(iter(owner.items()))
    old = session.scalars(select(d.Schedule).where(getattr(d.Schedule, column) == value)).all()
    read = hours.parse(text)
    base = {**owner, "original_text": text.strip()}
    rows = [d.Schedule(**base, **hours_rows.columns_of(rule), position=at) for at, rule in enumerate(read.rules)]
    words = [d.Schedule(**base, parse_confidence=0.0)] if text.strip() and not rows else []
    _replace(session, old, rows or words)


def _phones(session: Session, listing: Listing, text: str) -> None:
    """Numbers no longer said leave this listing, new ones join it; the organization's own numbers stay."""
    new = {one.e164 or one.number: one for one in phones.read(text)}
    owners = [d.Phone.service_id == listing.service_id]
    if listing.location_id:
        owners.append(d.Phone.location_id == listing.location_id)
        owners.append(d.Phone.service_at_location_id == _link_id(session, listing))
    for row in session.scalars(select(d.Phone).where(or_(*owners))):
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
            position=at,
        )
        for at, (number, one) in enumerate(new.items())
        if number not in shown
    )


def _documents(session: Session, listing: Listing, text: str) -> None:
    old = session.scalars(select(d.RequiredDocument).where(d.RequiredDocument.service_id == listing.service_id)).all()
    lines = enumerate(_lines(text))
    _replace(
        session,
        old,
        [d.RequiredDocument(service_id=listing.service_id, document=one, position=at) for at, one in lines],
    )


def _languages(session: Session, listing: Listing, text: str) -> None:
    old = session.scalars(select(d.Language).where(d.Language.service_id == listing.service_id)).all()
    words = [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()]
    new = [
        d.Language(service_id=listing.service_id, name=word, code=language_code(word), position=at)
        for at, word in enumerate(words)
    ]
    _replace(session, old, new)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _line(at: int) -> Callable[[Listing], str]:
    def read(listing: Listing) -> str:
        street = listing.address_lines[:-1]
        return street[at] if len(street) > at else ""

    return read


def _own_phones(listing: Listing) -> str:
    shown = (" x".join(filter(None, (one.display, one.extension))) for one in listing.phones)
    return "\n".join(shown)


_G = FieldGroup
_ALL = (
    ListingField("name", _G.WHAT, lambda one: one.name, _service_column("name"), _needed),
    ListingField("description", _G.WHAT, lambda one: one.description, _service_column("description"), _anything, True),
    ListingField("hours", _G.HOURS, lambda one: one.hours_text, _hours, _anything, True),
    ListingField("phone", _G.CONTACT, _own_phones, _phones, _phone, True),
    ListingField("email", _G.CONTACT, lambda one: one.email, _service_column("email"), _typed("email")),
    ListingField("url", _G.CONTACT, lambda one: one.url, _web, _typed("uri")),
    ListingField("documents", _G.WHO_CAN_GO, lambda one: "\n".join(one.documents), _documents, _anything, True),
    ListingField("languages", _G.WHO_CAN_GO, lambda one: ", ".join(one.languages), _languages, _anything),
    ListingField("cost", _G.WHO_CAN_GO, lambda one: one.cost_text, _service_column("fees_description"), _anything),
    ListingField("access", _G.WHO_CAN_GO, lambda one: one.access or "", _access, _typed("word:Access")),
    ListingField(
        "eligibility",
        _G.WHO_CAN_GO,
        lambda one: one.eligibility,
        _service_column("eligibility_description"),
        _anything,
        True,
    ),
    ListingField(
        "how_to_start",
        _G.WHO_CAN_GO,
        lambda one: one.application_process,
        _service_column("application_process"),
        _anything,
        True,
    ),
    ListingField("alert", _G.WHAT, lambda one: one.alert, _service_column("alert"), _anything, True),
    ListingField("address_1", _G.PLACE, _line(0), _address_column("address_1"), _anything),
    ListingField("address_2", _G.PLACE, _line(1), _address_column("address_2"), _anything),
    ListingField("city", _G.PLACE, lambda one: one.city, _address_column("city"), _anything),
    ListingField("state", _G.PLACE, lambda one: one.state, _address_column("state_province"), _anything),
    ListingField("postal_code", _G.PLACE, lambda one: one.postal_code, _address_column("postal_code"), _zip),
)
FIELDS: Mapping[str, ListingField] = {field.name: field for field in _ALL}
