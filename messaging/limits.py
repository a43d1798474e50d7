"""How many texts a number has had, and what a person, a care team, an org and the site have used today.

Asked at the last moment before sending, and before staff press Send. A day is that of the zone it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select, true

from resources_db.models.messages import Message
from resources_db.models.people import Patient
from resources_db.tenancy import act_as, actor_of, system
from resources_db.vocab import MessageChannel, MessageState, Purpose

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from messaging.settings import Limits

NOT_COUNTED = frozenset(
    {
        Purpose.CODE.value,
        Purpose.APPOINTMENT.value,
        Purpose.WELCOME.value,
        Purpose.OPTED_OUT.value,
        Purpose.OPTED_IN.value,
        Purpose.HELP.value,
        Purpose.FREE_TEXT.value,
        Purpose.ANSWER_1.value,
        Purpose.ANSWER_2.value,
        Purpose.ANSWER_3.value,
        Purpose.AGENCY_ACK.value,
        Purpose.AGENCY_WHICH.value,
        Purpose.AGENCY_WHY.value,
        Purpose.AGENCY_LINK.value,
        Purpose.AGENCY_STOP.value,
        Purpose.LISTING_SAVED.value,
        Purpose.LISTING_CHANGE.value,
        Purpose.LISTING_DECIDED.value,
        Purpose.STAFF_REPLY.value,
    }
)
"""Replies, codes, appointments and notices that must not come late. What staff write unasked counts."""

FOR_AGENCIES = frozenset(
    {
        Purpose.AGENCY_NEW.value,
        Purpose.AGENCY_REMINDER.value,
        Purpose.AGENCY_CONFIRM.value,
        Purpose.AGENCY_STOP.value,
        Purpose.AGENCY_ACK.value,
        Purpose.AGENCY_WHICH.value,
        Purpose.AGENCY_WHY.value,
        Purpose.AGENCY_LINK.value,
        Purpose.AGENCY_DIGEST.value,
        Purpose.LISTING_CHECK.value,
        Purpose.LISTING_DIGITS.value,
        Purpose.LISTING_SAVED.value,
        Purpose.LISTING_CHANGE.value,
        Purpose.LISTING_DECIDED.value,
        Purpose.ROOM_CHECK.value,
    }
)
_WENT_OUT = (
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.ACCEPTED,
    MessageState.SENT,
    MessageState.DELIVERED,
)


MONTH = timedelta(days=30)
NEARLY = 0.8
"""From this share of a day's amount on, staff are told before they send."""
NUMBER_A_DAY, NUMBER_IN_30_DAYS, AGENCY_A_DAY = "number_a_day", "number_in_30_days", "agency_number_a_day"
REPLIES_A_DAY = "replies_a_day"
USER_A_DAY, TEAM_A_DAY, ORG_A_DAY, SITE_A_DAY = "user_a_day", "team_parts_a_day", "org_parts_a_day", "site_parts_a_day"


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as the limits see it. `segments` are the parts it is paid and counted by."""

    org_id: uuid.UUID
    to_bix: bytes
    segments: int
    user_id: uuid.UUID | None = None
    message_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """How much of one limit is used, and what the text would add. `room_at`: when a 30-day limit has room again."""

    code: str
    used: int
    most: int
    wanted: int = 1
    room_at: datetime | None = None


_AT = func.coalesce(Message.not_before, Message.due_at)
"""When a text left: at its own time, or at the time it had to wait for."""
_LONGEST_WAIT = timedelta(days=5)
"""No text waits longer; the due time stands in an index, so older rows are not looked at."""


def over(session: Session, message: Message, limits: Limits, now: datetime, zone: str) -> Use | None:
    """The limit this text would break, or None. Two workers ask about one number one after the other."""
    _one_at_a_time(session, message.to_bix)
    asked = Asked(message.org_id, message.to_bix, message.segments, message.created_by, message.id)
    counted = _Counted(session, asked, now, zone)
    if message.replies_to_inbound and message.purpose != Purpose.STAFF_REPLY:
        return _broken([Use(REPLIES_A_DAY, counted.replies(), limits.replies_a_day)])
    if message.purpose in NOT_COUNTED:
        return None
    if message.purpose in FOR_AGENCIES:
        return _broken([Use(AGENCY_A_DAY, counted.texts(), limits.agency_number_a_day)])
    return _broken(counted.of_number(limits)) or _broken(counted.of_senders(limits))


def before(session: Session, asked: Asked, limits: Limits, now: datetime, zone: str) -> tuple[Use | None, Use | None]:
    """The limit that a text would break if it were sent now, and one that is nearly used up. What waits counts too.

    A number's texts of all orgs count, so the session looks over all of them for a moment; only figures come out.
    """
    actor = actor_of(session)
    act_as(session, system())
    try:
        counted = _Counted(session, asked, now, zone, planned=True)
        own, shared = counted.of_number(limits), counted.of_senders(limits)
    finally:
        act_as(session, actor)
    return _broken([*own, *shared]), next((use for use in shared if use.used >= NEARLY * use.most), None)


def _broken(uses: Iterable[Use]) -> Use | None:
    return next((use for use in uses if use.used + use.wanted > use.most), None)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts for one text that has not left."""

    session: Session
    asked: Asked
    now: datetime
    zone: str
    planned: bool = False

    def of_number(self, limits: Limits) -> list[Use]:
        """What the number had, from whichever org."""
        sent = self._moments(self.now - MONTH)
        full = len(sent) - limits.number_in_30_days
        room_at = sent[full] + MONTH if full >= 0 else None
        return [
            Use(NUMBER_A_DAY, sum(at >= self._midnight() for at in sent), limits.number_a_day),
            Use(NUMBER_IN_30_DAYS, len(sent), limits.number_in_30_days, room_at=room_at),
        ]

    def of_senders(self, limits: Limits) -> list[Use]:
        """What the person, the care team of the number's patient, the org and the site used today."""
        ours = Message.org_id == self.asked.org_id
        mine = and_(Message.created_by == self.asked.user_id, Message.purpose.not_in(NOT_COUNTED))
        sums = select(
            func.coalesce(func.sum(case((mine, 1), else_=0)), 0),
            *(
                func.coalesce(func.sum(case((which, Message.segments), else_=0)), 0)
                for which in (and_(ours, self._of_team()), ours, true())
            ),
        ).where(*self._gone(self._midnight()))
        user, team, org, site = self.session.execute(sums).one()
        parts = self.asked.segments
        return [
            Use(USER_A_DAY, int(user) if self.asked.user_id else 0, limits.user_a_day),
            Use(TEAM_A_DAY, int(team), limits.team_parts_a_day, parts),
            Use(ORG_A_DAY, int(org), limits.org_segments_a_day, parts),
            Use(SITE_A_DAY, int(site), limits.site_parts_a_day, parts),
        ]

    def texts(self) -> int:
        """What counts to this number today."""
        return len(self._moments(self._midnight()))

    def replies(self) -> int:
        """Answers to what this number texted today: two machines must not talk to each other for ever."""
        same = Message.to_bix == self.asked.to_bix, Message.replies_to_inbound.is_(True)
        counted = select(func.count()).select_from(Message).where(*same, *self._gone(self._midnight()))
        return self.session.scalars(counted).one()

    def _moments(self, since: datetime) -> list[datetime]:
        same = Message.to_bix == self.asked.to_bix, Message.purpose.not_in(NOT_COUNTED)
        moments = select(Message.not_before, Message.due_at).where(*same, *self._gone(since))
        return sorted(waited or due for waited, due in self.session.execute(moments))

    def _gone(self, since: datetime) -> tuple[ColumnElement[bool], ...]:
        """Left since then; asked before sending, also what is still on its way."""
        states = (*_WENT_OUT, MessageState.QUEUED) if self.planned else _WENT_OUT
        others = (Message.id != self.asked.message_id,) if self.asked.message_id is not None else ()
        kind = Message.channel == MessageChannel.SMS
        return kind, Message.state.in_(states), Message.due_at > since - _LONGEST_WAIT, since <= _AT, *others

    def _midnight(self) -> datetime:
        place = ZoneInfo(self.zone)
        return datetime.combine(self.now.astimezone(place).date(), time.min, tzinfo=place).astimezone(UTC)

    def _of_team(self) -> ColumnElement[bool]:
        """Texts to everybody whom the care team of this number's patient looks after."""
        same = Patient.phone_bix == self.asked.to_bix, Patient.org_id == self.asked.org_id
        numbers = select(Patient.phone_bix).where(Patient.care_team_id.in_(select(Patient.care_team_id).where(*same)))
        return Message.to_bix.in_(numbers)


def _one_at_a_time(session: Session, to_bix: bytes) -> None:
    # SQLite has one writer anyway; elsewhere two texts to one number could each see that the other has not left
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(to_bix[:8], "big", signed=True))))
