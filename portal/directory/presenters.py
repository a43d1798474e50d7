"""The search page in words: how the sentence was read, filters, places, what was widened, and the way on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, need_words, search_words, urgent_words
from portal.directory import explained, filters, map_part, reading, rows, ways
from portal.patient_context import ARGUMENT
from resources_db.needs import DOMAINS, in_domain
from search.criteria import Problem, Sort

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from portal.directory.asking import Ask
    from portal.directory.explained import Explained, Panel
    from portal.directory.filters import Filters
    from portal.directory.map_part import MapPart
    from portal.directory.reading import Mended
    from portal.directory.ways import Way
    from portal.finding import Found
    from portal.parts import PlaceRow
    from portal.patient_context import PatientContext
    from portal.urgent_words import Urgent
    from resources_db.repositories.listing import Listing
    from search.answer import Facets
    from search.criteria import SearchCriteria
    from search.errors import PlaceError

_KEY = "KEY"  # stands for the key of a listing where the address of its page is made once for all rows


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain to browse, with its needs."""

    way: Way
    needs: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A listing ticked on another page of the list: kept as a hidden field."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    heading: str
    question: str
    patient: PatientContext | None
    q: str
    near: str
    near_error: str
    hidden: tuple[tuple[str, str], ...]
    filters: Filters
    keeps: bool = False
    left_out: tuple[str, ...] = ()
    near_instead: tuple[Way, ...] = ()
    asked: bool = False
    degraded: bool = False
    read: tuple[Way, ...] = ()
    instead: tuple[Way, ...] = ()
    narrower: tuple[Way, ...] = ()
    mended: tuple[Mended, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    count: str = ""
    widened: tuple[str, ...] = ()
    spread: str = ""
    panel: Panel | None = None
    rows: tuple[PlaceRow, ...] = ()
    explained: tuple[Explained | None, ...] = ()
    total: int = 0
    shown: int = 0
    next: Way | None = None
    previous: Way | None = None
    map: MapPart | None = None
    chosen_elsewhere: tuple[Chosen, ...] = ()
    chosen_names: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    save_href: str = ""
    has_room: bool = True


def results(ask: Ask, found: Found, chosen: Sequence[Listing], *, now: datetime) -> SearchPage:
    """The page of a question with its answer."""
    answer, criteria = found.answer, ask.criteria
    # beside the field that says where from, the words need not say it again
    label = answer.place.label if answer.place and not criteria.near else ""
    shown = _rows(ask, found, now)
    standing = db.runtime().settings.standing
    after = criteria.offset + len(answer.hits)
    return replace(
        _frame(ask, found.place_error, label, answer.facets if answer.total else None),
        asked=True,
        degraded=answer.degraded,
        read=reading.chips(ask, answer),
        instead=reading.instead(ask, answer),
        narrower=reading.narrower(ask, answer),
        mended=reading.mended(ask, answer),
        urgent=urgent_words.urgent(answer),
        count=_count(answer.total, criteria),
        widened=tuple(search_words.relaxed(step) for step in answer.relaxed),
        spread=reading.spread(answer),
        panel=explained.panel(criteria, standing=standing),
        rows=shown,
        explained=tuple(explained.place(hit, criteria, standing=standing) for hit, _listing in found.pairs),
        total=answer.total,
        shown=after,
        next=_next(ask, answer.total, after),
        previous=_previous(ask),
        map=map_part.of(answer.place, [(hit, row) for (hit, _listing), row in zip(found.pairs, shown, strict=True)]),
        domains=() if answer.total else _domains(ask, answer.browse),
        chosen_elsewhere=_elsewhere(chosen, shown),
        chosen_names=tuple(one.name for one in chosen),
        save_href=f"{url_for('saved.save')}?{ask.query(replace(criteria, offset=0), chosen=False)}",
        has_room=answer.with_room > 0,
    )


def browse(ask: Ask, error: PlaceError | None, chosen: Sequence[Listing]) -> SearchPage:
    """The page before anything is asked: domains to browse."""
    return replace(
        _frame(ask, error, "", None),
        domains=_domains(ask),
        chosen_elsewhere=_elsewhere(chosen, ()),
        chosen_names=tuple(one.name for one in chosen),
    )


def _frame(ask: Ask, error: PlaceError | None, place: str, facets: Facets | None) -> SearchPage:
    criteria, patient = ask.criteria, ask.patient
    return SearchPage(
        heading=_("Find help for %(name)s", name=patient.name) if patient else _("Find help"),
        question=_("What does %(name)s need?", name=patient.first_name) if patient else _("What do you need?"),
        patient=patient,
        q=criteria.q,
        near=criteria.near,
        near_error=search_words.place_problem(error) if error else "",
        hidden=_hidden(ask),
        filters=filters.of(ask, place, facets),
        keeps=ask.keeps,
        left_out=_left_out(ask),
        near_instead=_instead(ask, error),
    )


def _left_out(ask: Ask) -> tuple[str, ...]:
    words = {
        Problem.TOO_LONG: _("We read the first 300 letters."),
        Problem.BAD_CHARACTER: _("We left out signs that cannot be read."),
    }
    said = tuple(text for problem, text in words.items() if problem in ask.left_out)
    wordless = ask.is_empty and not ask.criteria.is_empty
    return (*said, _("We found no words in that. Say it in words, or choose below.")) if wordless else said


def _instead(ask: Ask, error: PlaceError | None) -> tuple[Way, ...]:
    """Places that may have been meant, each a way on."""
    places = error.suggestions if error else ()
    return tuple(ways.to(ask, place, replace(ask.criteria, near=place, offset=0)) for place in places)


def _hidden(ask: Ask) -> tuple[tuple[str, str], ...]:
    """What the form does not show but must say again."""
    criteria = ask.criteria
    pairs = [("need", need) for need in criteria.needs] + [("without", word) for word in criteria.without]
    pairs += [("domain", criteria.domain)] if criteria.domain else []
    if ask.patient:
        pairs += [(ARGUMENT, str(ask.patient.id)), ("asked", "1")]
    return (*pairs, ("was", criteria.q))


def _rows(ask: Ask, found: Found, now: datetime) -> tuple[PlaceRow, ...]:
    before, behind = url_for("directory.listing", key=_KEY).split(_KEY)
    behind += f"?{ARGUMENT}={ask.patient.id}" if ask.patient else ""
    sites = Counter(listing.service_id for _hit, listing in found.pairs)
    return tuple(
        rows.row(
            number,
            hit,
            listing,
            chosen=listing.key in ask.chosen,
            one_of_several=sites[listing.service_id] > 1,
            href=f"{before}{listing.key}{behind}",
            now=now,
        )
        for number, (hit, listing) in enumerate(found.pairs, start=ask.criteria.offset + 1)
    )


def _count(total: int, criteria: SearchCriteria) -> str:
    if not total:
        return _("No place found")
    words = {
        Sort.BEST: ngettext("%(num)s place, best match first", "%(num)s places, best match first", total),
        Sort.NEAR: ngettext("%(num)s place, nearest first", "%(num)s places, nearest first", total),
        Sort.SOONEST: ngettext("%(num)s place, soonest open first", "%(num)s places, soonest open first", total),
        Sort.NAME: ngettext("%(num)s place, by name", "%(num)s places, by name", total),
    }
    return words[criteria.sort]


def _previous(ask: Ask) -> Way | None:
    criteria = ask.criteria
    if not criteria.offset:
        return None
    return ways.to(ask, _("Back"), replace(criteria, offset=max(criteria.offset - criteria.limit, 0)))


def _next(ask: Ask, total: int, after: int) -> Way | None:
    left = min(total - after, ask.criteria.limit)
    if left <= 0:
        return None
    label = ngettext("Next %(num)s place", "Next %(num)s places", left)
    return ways.to(ask, label, replace(ask.criteria, offset=after))


def _domains(ask: Ask, counts: Mapping[str, int] | None = None) -> tuple[Domain, ...]:
    """To choose from; after an answer without any place those that have something, the most first."""
    kept = replace(ask.criteria, q="", needs=(), without=(), domain="", offset=0)
    return tuple(_domain(ask, kept, domain, (counts or {}).get(domain)) for domain in counts or DOMAINS)


def _domain(ask: Ask, kept: SearchCriteria, domain: str, count: int | None) -> Domain:
    number = "" if count is None else formatting.number(count)
    return Domain(
        ways.to(ask, need_words.domain(domain), replace(kept, domain=domain), count=number),
        tuple(ways.to(ask, need_words.need(need.id), replace(kept, needs=(need.id,))) for need in in_domain(domain)),
    )


def _elsewhere(chosen: Sequence[Listing], shown: Sequence[PlaceRow]) -> tuple[Chosen, ...]:
    here = {row.key for row in shown}
    return tuple(Chosen(str(one.key), one.name) for one in chosen if str(one.key) not in here)
