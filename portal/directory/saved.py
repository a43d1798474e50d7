"""Saved searches: keep a question, be told when a place that fits has room. Each belongs to the person signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from flask import Blueprint, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, htmx, need_words, patient_context, search_words, watching
from portal.auth.guards import needs
from portal.directory import asking, reading
from referrals import people, saved_searches
from referrals.errors import NotFoundError
from search.criteria import from_query

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.listing_key import ListingKey
    from resources_db.models.finding import SavedSearch
    from search.criteria import SearchCriteria

blueprint = Blueprint("saved", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One saved search in words."""

    id: str
    title: str
    more: str
    who: str
    watched: bool
    news: str


@blueprint.get("/searches")
@needs("account.own")
def mine() -> ResponseReturnValue:
    """The list: those with something new first."""
    with db.reading() as session:
        rows = [_row(session, saved) for saved in saved_searches.mine(session)]
    return htmx.render("directory/saved.html", rows=rows)


@blueprint.post("/searches")
@needs("account.own")
def save() -> ResponseReturnValue:
    """Keep the question that stands in this address, as the page asked it; `watch` also waits for room."""
    ask = asking.read(request.args.to_dict(flat=False), patient_context.of_request())
    watch = request.form.get("watch") == "1"
    back = f"{url_for('directory.search')}?{ask.query()}"
    if ask.criteria.is_empty:
        return htmx.redirect(back, toast=_("Say first what is needed. Then it can be saved."))
    query = urlencode([pair for pair in ask.criteria.to_pairs() if pair[0] not in {"limit", "offset"}])
    known = watching.with_room(db.runtime(), watching.criteria_of(query), db.now()) if watch else None
    with db.transaction() as session:
        saved = saved_searches.save(
            session,
            query=query,
            patient_id=ask.patient.id if ask.patient else None,
            watch=known is not None,
            known=known or (),
            now=db.now(),
        )
        undo = url_for("saved.remove", saved_id=saved.id)
    return htmx.redirect(back, toast=f"{_('Saved.')} {_promise(known)}" if watch else _("Saved."), undo_url=undo)


@blueprint.post("/searches/<uuid:saved_id>/open")
@needs("account.own")
def see(saved_id: uuid.UUID) -> ResponseReturnValue:
    """Ask again; what was new counts as seen."""
    with db.transaction() as session:
        saved = saved_searches.see(session, saved_id, now=db.now())
        address = _address(saved)
    return htmx.redirect(address)


@blueprint.post("/searches/<uuid:saved_id>/watch")
@needs("account.own")
def watch(saved_id: uuid.UUID) -> ResponseReturnValue:
    """Begin or stop to wait for room."""
    on = request.form.get("on") == "1"
    with db.reading() as session:
        query = saved_searches.get(session, saved_id).query
    known = watching.with_room(db.runtime(), watching.criteria_of(query), db.now()) if on else None
    with db.transaction() as session:
        saved_searches.set_watch(session, saved_id, on=known is not None, known=known or (), now=db.now())
    return htmx.redirect(url_for("saved.mine"), toast=_promise(known) if on else _("We do not look any more."))


@blueprint.post("/searches/<uuid:saved_id>/remove")
@needs("account.own")
def remove(saved_id: uuid.UUID) -> ResponseReturnValue:
    """Off the list; one tap brings it back."""
    with db.transaction() as session:
        saved_searches.remove(session, saved_id, now=db.now())
    undo = url_for("saved.restore", saved_id=saved_id)
    return htmx.redirect(url_for("saved.mine"), toast=_("Removed."), undo_url=undo)


@blueprint.post("/searches/<uuid:saved_id>/restore")
@needs("account.own")
def restore(saved_id: uuid.UUID) -> ResponseReturnValue:
    """Back on the list."""
    with db.transaction() as session:
        saved_searches.restore(session, saved_id, now=db.now())
    return htmx.redirect(url_for("saved.mine"), toast=_("Back on the list."))


def _promise(known: frozenset[ListingKey] | None) -> str:
    """What a person who wants to wait may count on."""
    if known is None:
        return _("We cannot look for room just now. Check the place, or try again in a minute.")
    return _("We look every minute and tell you when a place opens.")


def _address(saved: SavedSearch) -> str:
    pairs = [(name, value) for name, values in parse_qs(saved.query).items() for value in values]
    if saved.patient_id is not None:
        pairs += [(patient_context.ARGUMENT, str(saved.patient_id)), ("asked", "1")]
    return f"{url_for('directory.search')}?{urlencode(pairs)}"


def _row(session: Session, saved: SavedSearch) -> Row:
    criteria, _problems = from_query(parse_qs(saved.query))
    new = len(saved.fresh)
    return Row(
        id=str(saved.id),
        title=_title(criteria),
        more=_more(criteria),
        who=_who(session, saved),
        watched=saved.watched,
        news=ngettext("%(num)s place opened", "%(num)s places opened", new) if new else "",
    )


def _title(criteria: SearchCriteria) -> str:
    named = [need_words.need(need) for need in criteria.needs]
    if criteria.domain:
        named.append(need_words.domain(criteria.domain))
    return criteria.q or formatting.list_of(named)


def _more(criteria: SearchCriteria) -> str:
    parts = [_("Near %(place)s", place=criteria.near) if criteria.near else ""]
    if criteria.language:
        parts.append(_("Speaks %(language)s", language=search_words.language_name(criteria.language)))
    if criteria.open_when is not None:
        parts.append(search_words.open_when(criteria.open_when))
    parts += [_("Has room") if criteria.has_room else "", _("No papers") if criteria.no_papers else ""]
    parts += [label for label, _fewer in reading.folded_filters(criteria)]
    return " · ".join(part for part in parts if part)


def _who(session: Session, saved: SavedSearch) -> str:
    if saved.patient_id is None:
        return ""
    try:
        return patient_context.short_name(people.get(session, saved.patient_id))
    except NotFoundError:
        return ""
