"""What an agency does with its link: look, answer, ask. No account; the link is the key. Its listing: `agency_listing`.

Until the code was typed nothing of a person is shown, but "waitlist" and "no" can be said already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from referrals import (
    business_days,
    codes,
    corrections,
    disclosure,
    events,
    lifecycle,
    links,
    needs,
    notices,
    progress,
    release,
    schedule,
    senders,
    worklist,
)
from referrals.agency_choices import BEFORE_CODE, TO, Answer, Choice, choices
from referrals.by import By
from referrals.errors import NotFoundError, StepUpNeededError
from referrals.progress import Moved, Said
from referrals.worklist import About
from resources_db.listing_key import ListingKey
from resources_db.models.people import Patient
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.repositories import listings
from resources_db.vocab import BusinessStatus, Channel, Reason, ReferralState, Side, TaskKind, WhyCode

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from referrals.disclosure import PersonView
    from referrals.texts import Sender
    from resources_db.models.access import AccessLink
    from resources_db.repositories.listings import Listing

S = ReferralState
LONGEST_VERSION = 9
"""Digits of a version that a page of ours can have shown."""


@dataclass(frozen=True, slots=True)
class ReceiverView:
    """The one referral of a link as its agency may see it. `person` is None until it may be shown, and at the end."""

    referral_id: str
    ref: str
    version: int
    state: ReferralState
    business_status: BusinessStatus | None
    next_on: date | None
    sent_at: datetime | None
    sender: Sender
    org_name: str
    agency: str
    language: str
    listing: Listing | None
    subneed: str
    person: PersonView | None
    note: str
    code_needed: bool
    withdrawn: bool
    choices: tuple[Choice, ...]
    undo_until: datetime | None
    protected: bool = False
    """A person is shown under 42 CFR Part 2: the notice stands beside the facts."""

    @property
    def seen(self) -> str:
        """Which referral, and which version of it, a form of this page speaks about."""
        return f"{self.referral_id}.{self.version}"


def look(session: Session, link: AccessLink, *, stepped_up: bool, now: datetime, record: bool = False) -> ReceiverView:
    """The page of a link. With `record` (a pressed button, never a fetch) a person shown is a disclosure."""
    referral = referral_of(session, link)
    contact = _contact(session, link)
    code_needed = codes.needed(link, referral, contact, now) and not stepped_up
    withdrawn = referral.state in {S.WITHDRAWN, S.ERROR, S.DRAFT}
    shown = not code_needed and not withdrawn
    needs_person = shown and (referral.state not in lifecycle.TERMINAL or referral.state is S.NO_RESPONSE)
    if needs_person and record:
        _disclose(session, link, referral, now)
    key = ListingKey(referral.service_id, referral.location_id)
    subneed = needs.subneed_of(release.need_of(session, referral)) if shown else ""
    return ReceiverView(
        referral_id=str(referral.id),
        ref=referral.ref,
        version=referral.version,
        state=referral.state,
        business_status=referral.business_status,
        next_on=referral.next_on,
        sent_at=referral.sent_at,
        sender=senders.of_org(session, referral.org_id),
        org_name=senders.org_of(session, referral.org_id).name,
        agency=notices.agency_name(session, referral),
        language=link.language,
        listing=listings.get(session, key, include_staff=True) if shown else None,
        subneed=subneed,
        person=_person(session, referral) if needs_person else None,
        note=referral.note_for_agency if needs_person else "",
        code_needed=code_needed,
        withdrawn=withdrawn,
        choices=choices(referral.state),
        undo_until=_undo_until(session, referral, now),
        protected=needs_person and disclosure.protected(session, referral),
    )


def open_it(session: Session, link: AccessLink, *, now: datetime) -> Referral:
    """The agency pressed the first button: it has the referral. For a withdrawn one that says: read, we stop."""
    referral = referral_of(session, link)
    if not codes.left_lying(link, now):  # else the code must be typed first: pressing a button is no proof
        links.opened(session, link, now=now)
    if referral.state is S.SENT:
        progress.move(session, referral.id, to=S.SEEN, by=hand_of(session, link), key=f"seen:{link.id}", now=now)
    if referral.state is S.WITHDRAWN:
        schedule.cancel(session, referral_id=referral.id, kinds=(TaskKind.AGENCY_OVERDUE,), now=now)
        worklist.clear(session, referral_id=referral.id, whys=(WhyCode.NOTICE_NOT_CONFIRMED,), now=now)
    return referral


def answer(
    session: Session,
    link: AccessLink,
    given: Answer,
    *,
    key: str,
    stepped_up: bool,
    now: datetime,
    seen: str | None = None,
) -> Moved:
    """One pressed answer. The same form twice is one answer; an answer after "no response" opens a new referral.

    `seen` is what the page showed (`ReceiverView.seen`): when the referral is another one by now, nothing is changed.
    """
    referral = referral_of(session, link)
    version = version_meant(session, referral, seen, key)
    needs_code = codes.needed(link, referral, _contact(session, link), now)
    if needs_code and not stepped_up and given.choice not in BEFORE_CODE:
        raise StepUpNeededError
    return say(session, referral, given, by=hand_of(session, link), key=key, now=now, version=version)


def say(
    session: Session,
    referral: Referral,
    given: Answer,
    *,
    by: By,
    key: str,
    now: datetime,
    version: int | None = None,
) -> Moved:
    """An agency's answer, however it came; raises MoveRefusedError, and ChangedMeanwhileError for an old version."""
    if given.choice is Choice.COULD_NOT_REACH:
        return _could_not_reach(session, referral, given, by, key, now, version)
    to = TO[given.choice]
    if to is S.DECLINED and referral.state not in lifecycle.UNANSWERED and referral.state is not S.NO_RESPONSE:
        to = S.NOT_SERVED  # after a yes, "no" is "we cannot after all"
    reason = given.reason or (Reason.NO_CAPACITY if to is S.WAITLISTED else None)
    said = Said(reason, given.text, given.next_on, given.at_clock, given.business_status)
    return corrections.move(session, referral.id, to=to, by=by, key=key, now=now, said=said, expected_version=version)


def undo(session: Session, link: AccessLink, *, key: str, now: datetime) -> Referral:
    """Within ten minutes the answer can be taken back; raises TooLateError after that."""
    return corrections.undo(session, referral_of(session, link).id, by=hand_of(session, link), key=key, now=now)


def ask(session: Session, link: AccessLink, text: str, *, key: str, now: datetime) -> None:
    """A question to the navigator; the state stays as it is."""
    referral = referral_of(session, link)
    if progress.note(session, referral.id, text=text, by=hand_of(session, link), key=key, now=now) is None:
        return
    facts: dict[str, object] = {"agency": notices.agency_name(session, referral)}
    about = About(
        WhyCode.AGENCY_QUESTION,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts=facts,
        words=text.strip(),
    )
    zone = senders.org_of(session, referral.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)


def referral_of(session: Session, link: AccessLink) -> Referral:
    """The referral a link opens; the newest one when it was corrected."""
    referral = session.get(Referral, corrections.newest_of(session, link.subject_id))
    if referral is None or referral.org_id != link.org_id:
        raise NotFoundError
    return referral


def version_meant(session: Session, referral: Referral, seen: str | None, key: str) -> int | None:
    """The version the answer is meant for; raises ChangedMeanwhileError when a correction took the referral's place."""
    if not seen or events.with_key(session, referral.id, key) is not None:
        return None
    shown, _, version = seen.partition(".")
    if shown != str(referral.id) or not version.isdecimal() or len(version) > LONGEST_VERSION:
        raise progress.changed_meanwhile(session, referral)
    return int(version)


def _could_not_reach(
    session: Session, referral: Referral, given: Answer, by: By, key: str, now: datetime, version: int | None
) -> Moved:
    """A try that failed. The third one, after enough days, ends the referral; before that a navigator tries too."""
    zone = senders.org_of(session, referral.org_id).timezone
    present = progress.present(session, referral)
    enough = lifecycle.enough_attempts(present, now=now, zone=zone)
    to = S.NOT_SERVED if enough and S.NOT_SERVED in lifecycle.RULES[referral.state].moves_to else S.CONTACTING
    said = Said(Reason.COULD_NOT_REACH if to is S.NOT_SERVED else None, given.text)
    moved = corrections.move(session, referral.id, to=to, by=by, key=key, now=now, said=said, expected_version=version)
    if to is S.CONTACTING and not moved.already:
        about = About(
            WhyCode.NOT_SERVED,
            referral.patient_id,
            referral.org_id,
            referral_id=moved.referral.id,
            facts={
                "agency": notices.agency_name(session, referral),
                "reason": Reason.COULD_NOT_REACH.value,
                "state": to.value,
                "attempts": len(present.attempts) + 1,
            },
        )
        worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)
    return moved


def hand_of(session: Session, link: AccessLink) -> By:
    """Whoever holds the link, as the one who says something: the agency, by the name of its contact."""
    contact = _contact(session, link)
    return By(Side.AGENCY, Channel.LINK, contact.name if contact is not None else "")


def _contact(session: Session, link: AccessLink) -> AgencyContact | None:
    return session.get(AgencyContact, link.contact_id) if link.contact_id else None


def _person(session: Session, referral: Referral) -> PersonView:
    return disclosure.person_view(session.get_one(Patient, referral.patient_id), referral.shared_fields)


def _disclose(session: Session, link: AccessLink, referral: Referral, now: datetime) -> None:
    disclosure.record(
        session,
        referral,
        shared=referral.shared_fields,
        recipient=disclosure.to_agency(link.contact_id),
        channel=Channel.LINK,
        now=now,
    )


def _undo_until(session: Session, referral: Referral, now: datetime) -> datetime | None:
    """Until when the agency may take its last answer back; None when there is nothing to take back."""
    last = events.last_move(session, referral.id)
    if last is None or last.side is not Side.AGENCY or last.to_state is S.SEEN:
        return None
    until: datetime = last.recorded_at + timedelta(minutes=10)
    return until if until > now else None
