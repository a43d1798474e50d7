"""The table of patients: whose, which, in which order, all in the address; who needs us soonest stands first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting, locales
from i18n.catalog import gettext as _
from portal import db, htmx, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.caseload import presenters, table_ask, tier_words
from portal.caseload.blueprint import blueprint
from referrals import absences, patient_table, saved_views, senders
from referrals.patient_query import Sort
from resources_db import needs as catalog
from resources_db.vocab import Role

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from portal.auth.current import Member
    from portal.caseload.table_ask import Asked
    from referrals.absences import Colleague
    from referrals.patient_table import CaseRow, Load, Page

PAGE_NAME = "patients"
SEES_ALL = frozenset({Role.SUPERVISOR, Role.CARE_ADMIN})
LONG_DAYS = 30
ICONS = {
    "nutrition": "bag",
    "transportation": "map",
    "housing": "home",
    "behavioral_health": "people",
    "financial": "bill",
    "other": "ring-plus",
}


@dataclass(frozen=True, slots=True)
class NeedMark:
    """A need as the table shows it: a drawing and a word. Sealed ones show their domain only."""

    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One patient of the table, in words."""

    id: uuid.UUID
    name: str
    href: str
    language: str
    needs: tuple[NeedMark, ...]
    oldest: int | None
    long: bool
    last_contact: str
    due: str
    late: bool
    tier: str
    because: str
    pin: str
    lead: str


@dataclass(frozen=True, slots=True)
class Column:
    """A head of the table that sorts by it; `href` empty where it cannot."""

    word: str
    href: str
    sorted: str
    end: bool = False


@blueprint.get("/patients")
@needs("person.find")
def patients() -> ResponseReturnValue:
    """One's own patients with those one covers for, or the team's, or one navigator's."""
    member = current.member()
    assert member is not None
    asked, now = table_ask.of_request(), db.now()
    with db.reading() as session:
        zone = senders.org_of(session, member.org_id).timezone
        today = formatting.local(now, zone).date()
        covered = absences.covered_by(session, member.user_id, today)
        page = patient_table.page(session, asked.of(own(member, covered)), number=asked.page, now=now)
        loads = patient_table.loads(session) if asked.team else ()
        people = absences.colleagues(session, member.org_id)
        names = {one.id: one.name for one in people}
        lines = [_line(row, names, member, asked, now, zone) for row in page.rows]
        views = [
            (one.name, f"{url_for('caseload.patients')}?{one.query}", one.query == asked.query(page=""))
            for one in saved_views.mine(session, PAGE_NAME)
        ]
    return htmx.render(
        "caseload/patients.html",
        block="rows",
        lines=lines,
        views=views,
        asked=asked,
        page=page,
        next=asked.href(page=str(page.number + 1)) if page.number < page.pages else "",
        previous=asked.href(page=str(page.number - 1)) if page.number > 1 else "",
        covering=formatting.list_of(one.name for one in covered),
        cohorts=_cohorts(asked),
        clear=asked.href(**dict.fromkeys(("tier", "need", "lang", "zip", *table_ask.MARKS), "")),
        columns=_columns(asked, page),
        bands=[_band(one, asked) for one in loads],
        choices=_choices(people),
        may_choose_lead=member.role in SEES_ALL,
    )


def own(member: Member, covered: Sequence[Colleague]) -> tuple[uuid.UUID, ...]:
    """Whose patients are one's own today: one's own, and of those one covers for."""
    return (member.user_id, *(one.id for one in covered))


def _cohorts(asked: Asked) -> list[tuple[str, str, bool]]:
    """The lists of those whom nobody should forget; pressed again they are off."""
    words = {
        "silent": _("No contact in 30 days"),
        "waiting": _("Waiting more than 30 days"),
        "untouched": _("Screening not followed up"),
    }
    pairs = asked.pairs()
    return [(word, asked.href(**{mark: "" if pairs[mark] else "1"}), bool(pairs[mark])) for mark, word in words.items()]


def _columns(asked: Asked, page: Page) -> list[Column]:
    words = {
        Sort.NAME: _("Name"),
        Sort.LANGUAGE: _("Language"),
        Sort.CONTACT: _("Last contact"),
        Sort.NEEDS: _("Open needs"),
        Sort.WAITING: _("Days without help"),
        Sort.TIER: _("Why now"),
        Sort.DUE: _("Next due"),
    }
    return [_column(sort, word, asked, page) for sort, word in words.items()]


def _column(sort: Sort, word: str, asked: Asked, page: Page) -> Column:
    here = asked.ask.sort is sort
    if sort is Sort.NAME and not page.by_name:
        return Column(word, "", "")
    turned = "down" if here and not asked.ask.backwards else ""
    href = asked.href(sort="" if sort is Sort.TIER else sort.value, dir=turned)
    order = ("descending" if asked.ask.backwards else "ascending") if here else ""
    return Column(word, href, order, end=sort is Sort.WAITING)


def _band(load: Load, asked: Asked) -> dict[str, object]:
    return {
        "name": load.name or _("Nobody yet"),
        "patients": load.patients,
        "href": asked.href(lead=str(load.lead_id), view="") if load.lead_id else "",
        "lead_id": load.lead_id,
        "room": load.patients < patient_table.FEW,
        "full": load.patients > patient_table.MANY,
    }


def _choices(people: Sequence[Colleague]) -> dict[str, list[tuple[str, str]]]:
    every = ("", _("All"))
    languages = [(one.code, formatting.language_name(one.code)) for one in locales.preferable()]
    return {
        "tier": [every, *((key, str(tier_words.TIERS[tier])) for key, tier in table_ask.TIERS.items())],
        "need": [every, *((one, need_words.domain(one)) for one in catalog.DOMAINS)],
        "lang": [every, *sorted(languages, key=lambda one: one[1].casefold())],
        "lead": [("", _("Everybody")), *((str(one.id), one.name) for one in people)],
    }


def _line(
    row: CaseRow, names: Mapping[uuid.UUID, str], member: Member, asked: Asked, now: dt.datetime, zone: str
) -> Line:
    today = formatting.local(now, zone).date()
    due = formatting.local(row.next_due, zone).date() if row.next_due else None
    lead = names.get(row.lead_id, "") if row.lead_id else ""
    return Line(
        id=row.id,
        name=row.name,
        href=url_for("caseload.record", patient_id=row.id),
        language=presenters.language_name(row.language),
        needs=tuple(_mark(need) for need in row.open_needs),
        oldest=row.oldest_days,
        long=row.oldest_days is not None and row.oldest_days > LONG_DAYS,
        last_contact=_days_ago(row.last_contact, now, zone),
        due=(formatting.short_date(due) if due > today else _("Today")) if due else "",
        late=due is not None and due <= today,
        tier=str(tier_words.TIERS[row.tier]),
        because=tier_words.because(row.because),
        pin=tier_words.pin(row.pinned_until, row.pinned_because) if row.pinned_until or row.pinned_because else "",
        lead=_lead(lead, row, member, asked),
    )


def _lead(lead: str, row: CaseRow, member: Member, asked: Asked) -> str:
    if row.lead_id == member.user_id or (asked.lead is not None and row.lead_id == asked.lead):
        return ""
    if not asked.team:
        return _("You cover for %(name)s", name=lead)
    return _("Led by %(name)s", name=lead) if lead else _("Nobody leads yet")


def _mark(need: str) -> NeedMark:
    known = catalog.NEEDS.get(need)
    return NeedMark(ICONS.get(known.domain if known else need, "ring-plus"), need_words.need(need))


def _days_ago(moment: dt.datetime | None, now: dt.datetime, zone: str) -> str:
    if moment is None:
        return ""
    return formatting.days_ago(formatting.local(moment, zone).date(), formatting.local(now, zone).date())
