"""What a listing looks like to pages, search, referrals and texts: one frozen value, no session behind it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from resources_db.hours import LOOK_AHEAD_DAYS, HoursRule, OpenStatus, claimable, open_spans, status_at
from resources_db.listing_key import ListingKey
from resources_db.reviews import Doubt
from resources_db.vocab import (
    Access,
    CapacityState,
    Confidentiality,
    ConfirmMethod,
    CostKind,
    Delivery,
    FieldGroup,
    GeocodeQuality,
    ServiceStatus,
    Visibility,
)

DEFAULT_TIMEZONE = "America/New_York"


@dataclass(frozen=True, slots=True)
class ListingPhone:
    """`number` is what to dial (E.164 or a short code), empty when nobody can; `display` is as the source wrote it."""

    number: str
    display: str
    kind: str
    label: str
    extension: str = ""
    accepts_sms: bool | None = None
    vanity: str = ""
    """The number in letters, as it is advertised."""


@dataclass(frozen=True, slots=True)
class CapacityView:
    """The newest statement about room, as said; ask capacity.current whether it still counts."""

    state: CapacityState
    until: date | None
    said_by: str
    said_at: datetime
    note: str = ""
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area a listing serves. Only words (`text`) means: in their words, neither a match nor an exclusion."""

    zip_codes: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    nationwide: bool = False
    geojson: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    key: ListingKey
    service_id: uuid.UUID
    location_id: uuid.UUID | None
    name: str
    location_name: str
    organization_id: uuid.UUID
    organization_name: str
    description: str
    needs: tuple[str, ...]
    also_serves: tuple[str, ...]
    address_lines: tuple[str, ...]
    city: str
    state: str
    postal_code: str
    zip3: str
    latitude: float | None
    longitude: float | None
    geocode_quality: GeocodeQuality
    timezone: str
    rules: tuple[HoursRule, ...]
    hours_text: str
    phones: tuple[ListingPhone, ...]
    email: str
    url: str
    languages: tuple[str, ...]
    documents: tuple[str, ...]
    cost_kind: CostKind
    cost_text: str
    access: Access | None
    call_first: bool
    application_process: str
    eligibility: str
    minimum_age: float | None
    maximum_age: float | None
    capacity: CapacityView | None
    alert: str
    looked_at: datetime | None
    confirmed_at: datetime | None
    confirmed_method: ConfirmMethod | None
    edited_at: datetime
    confidentiality: Confidentiality
    sensitive: bool
    areas: tuple[AreaView, ...]
    delivery: Delivery | None
    visibility: Visibility
    status: ServiceStatus
    accessibility: tuple[str, ...]
    version: int
    needs_guessed: bool = False
    """The importer read the needs from the listing's words; nobody has said them."""
    confirmed: Mapping[FieldGroup, datetime] = field(default_factory=dict)
    """When somebody last said that a group of fields is right; a group nobody spoke of is not in it."""
    doubts: tuple[Doubt, ...] = ()
    """What was found wrong since, and is not settled yet."""
    alert_from: date | None = None
    alert_until: date | None = None
    """The notice shows on these days only; without them always."""

    def open_status(self, moment: datetime) -> OpenStatus:
        """Open, closed, call first or unknown at this moment, said no surer than the record allows."""
        return status_at(
            self.rules,
            self.timezone,
            moment,
            as_of=self.hours_as_of,
            active=self.status == ServiceStatus.ACTIVE,
            alert=bool(self.alert_at(moment)),
            call_first=self.call_first or (not self.rules and bool(self.hours_text)),
        )

    def alert_at(self, moment: datetime) -> str:
        """The notice, on the days it is meant for; "" otherwise."""
        today = moment.astimezone(ZoneInfo(self.timezone)).date()
        early = self.alert_from is not None and today < self.alert_from
        late = self.alert_until is not None and today > self.alert_until
        return "" if early or late else self.alert

    def tells_hours(self, moment: datetime) -> bool:
        """May open or closed be said of it at all, notices and holidays aside?"""
        return claimable(
            self.rules,
            self.timezone,
            moment,
            as_of=self.hours_as_of,
            active=self.status == ServiceStatus.ACTIVE,
            call_first=self.call_first,
        )

    def sure_spans(self, moment: datetime, days: int = LOOK_AHEAD_DAYS) -> list[tuple[datetime, datetime]]:
        """Opening hours from the day before `moment` on that may be promised, in UTC. None while a notice is out."""
        if not self.tells_hours(moment):
            return []
        found = open_spans(self.rules, self.timezone, moment, days)
        if not self.alert:
            return found
        first, after = _alert_ends(self)
        before = [(opens, min(closes, first)) for opens, closes in found if first and opens < first]
        return before + [(max(opens, after), closes) for opens, closes in found if after and closes > after]

    @property
    def hours_as_of(self) -> datetime:
        """When the hours were last confirmed or edited."""
        return max(filter(None, (self.confirmed.get(FieldGroup.HOURS), self.edited_at)))

    @property
    def relied_on_at(self) -> datetime | None:
        """When phone and hours were both last known to be right: the older of the two; None while one never was."""
        phone, hours = self.confirmed.get(FieldGroup.CONTACT), self.confirmed.get(FieldGroup.HOURS)
        return min(phone, hours) if phone and hours else None

    @property
    def main_phone(self) -> ListingPhone | None:
        """The number behind the call button; never a fax."""
        return next((phone for phone in self.phones if phone.number and phone.kind != "fax"), None)


def _alert_ends(listing: Listing) -> tuple[datetime | None, datetime | None]:
    """The moments at which the notice comes and is over; None for a notice that was always there, or stays."""
    zone = ZoneInfo(listing.timezone)
    first = datetime.combine(listing.alert_from, time(), zone).astimezone(UTC) if listing.alert_from else None
    if listing.alert_until is None or listing.alert_until == date.max:
        return first, None
    return first, datetime.combine(listing.alert_until + timedelta(days=1), time(), zone).astimezone(UTC)
