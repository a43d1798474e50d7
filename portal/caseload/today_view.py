"""Which part of Today is looked at: whose list and which filters, as the address holds them. Knows no rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting, locales
from i18n.catalog import lazy_gettext as lazy
from portal.auth import current
from portal.auth.permissions import allows
from referrals import caseload
from referrals.caseload import Filters, Scope
from resources_db.vocab import WhyCode

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from i18n.lazy import LazyText

W = WhyCode
NOBODY = uuid.UUID(int=0)
VIEWS = ("mine", "team", "cover", "snoozed")
KINDS: dict[str, tuple[LazyText, frozenset[WhyCode]]] = {
    "agency": (
        lazy("Agencies"),
        frozenset(
            {
                *(W.NO_REPLY, W.AGENCY_FULL, W.AGENCY_SAID_NO, W.NOT_SERVED, W.NO_RESPONSE, W.LATE_ANSWER),
                *(W.NO_NEXT_STEP, W.NOTICE_NOT_CONFIRMED, W.LINK_LOCKED, W.AGENCY_QUESTION, W.WAITLIST_30_DAYS),
                *(W.WAITLIST_OTHERS, W.PLACE_OPENED, W.NEEDS_PAPERS, W.PARTLY_SERVED),
            }
        ),
    ),
    "patient": (
        lazy("Patients’ words"),
        frozenset(
            {
                *(W.PATIENT_COULD_NOT, W.PATIENT_OTHER_HELP, W.PATIENT_WANTS_CALL, W.PATIENT_WROTE),
                *(W.PATIENT_NOT_NEEDED, W.PATIENT_FOUND_IT, W.DISAGREEMENT, W.MAY_WANT_STOP, W.STOPPED_TEXTS),
                *(W.SCREENING_WAITS, W.SELF_REFERRED, W.NEED_UNSURE),
            }
        ),
    ),
    "dates": (
        lazy("Dates"),
        frozenset(
            {
                *(W.HOME_FROM_HOSPITAL, W.DATE_AT_RISK, W.CONSENT_ENDS, W.CONTACT_DUE, W.GOAL_DUE),
                *(W.NO_ANSWER_TWICE, W.MANUAL, W.HANDED_OVER),
            }
        ),
    ),
    "sending": (
        lazy("Sending"),
        frozenset({W.TEXT_NOT_DELIVERED, W.WRONG_PERSON, W.SEND_BLOCKED, W.UNSENT_DRAFT, W.NO_PLACE, W.WRONG_PATIENT}),
    ),
}
"""The filter by kind: its word, and the reasons it holds. A test asks that each reason stands in exactly one."""


@dataclass(frozen=True, slots=True)
class View:
    """The address of the list, read."""

    view: str = "mine"
    kind: str = ""
    language: str = ""
    patient_id: uuid.UUID | None = None
    late: bool = False
    who: uuid.UUID | None = None

    @property
    def filtered(self) -> bool:
        """Whether something is left out of the list."""
        return bool(self.kind or self.language or self.patient_id or self.late)

    def pairs(self) -> dict[str, str]:
        """What differs from one's own whole list, for addresses."""
        told = {
            "view": "" if self.view == "mine" else self.view,
            "kind": self.kind,
            "language": self.language,
            "patient": str(self.patient_id or ""),
            "late": "y" if self.late else "",
            "who": str(self.who or ""),
        }
        return {name: value for name, value in told.items() if value}

    def href(self, **other: object) -> str:
        """The address of this list with something changed."""
        return url_for("caseload.today", **replace(self, **other).pairs())  # type: ignore[arg-type]

    def whole(self) -> str:
        """The address of this list without filters."""
        return self.href(kind="", language="", patient_id=None, late=False)

    def act(self, item_id: str) -> str:
        """Where the buttons of a row lead; the way back is this list."""
        return url_for("caseload.act", item_id=item_id, **self.pairs())  # type: ignore[arg-type]

    def scope(self, me: uuid.UUID, covered: Iterable[uuid.UUID]) -> Scope:
        """Whose items these are."""
        if self.who is not None:
            return Scope((self.who,), nobodys=False)
        if self.view == "team":
            return Scope(team_of=me)
        if self.view == "cover":
            return Scope(tuple(covered) or (NOBODY,), nobodys=False)
        return caseload.of(me, *covered)

    def filters(self, now: dt.datetime, zone: str) -> Filters:
        """What of the list is asked for."""
        begin = formatting.local(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return Filters(
            whys=KINDS[self.kind][1] if self.kind else frozenset(),
            language=self.language,
            patient_id=self.patient_id,
            late_before=begin if self.late else None,
            snoozed=self.view == "snoozed",
        )


def asked() -> View:
    """The view of this request; what nobody knows is left out. Somebody else's list is for those who lead a team."""
    args = request.args
    language, member = args.get("language", ""), current.member()
    watches = member is not None and allows("worklist.team", member.role)
    view = args.get("view", "mine")
    return View(
        view=view if view in VIEWS else "mine",
        kind=args["kind"] if args.get("kind") in KINDS else "",
        language=language if language in locales.LANGUAGES else "",
        patient_id=args.get("patient", type=uuid.UUID),
        late=args.get("late") == "y",
        who=args.get("who", type=uuid.UUID) if watches else None,
    )
