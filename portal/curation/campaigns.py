"""Questions to agencies: choose whom, read the exact words, start; see how far it is, pause, stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, freshness_words, htmx, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import campaign_words, tabs, to_check_asked, to_check_rows
from portal.curation.blueprint import blueprint
from referrals import ask_rests, campaign_auto, campaign_messages, campaigns, listing_queue
from referrals.campaign_auto import Every
from referrals.mails import Mail
from resources_db import reviews
from resources_db.models.directory import Organization
from resources_db.models.referrals import AgencyContact
from resources_db.models.upkeep import Campaign, CampaignAsk
from resources_db.needs import NEEDS
from resources_db.vocab import ReviewWhy

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member
    from portal.curation.to_check_asked import Asked
    from referrals.campaigns import Preview

SHOWN: Final = 50
MOST_NAME, MOST_NOTE = 80, 200
DOINGS: Final = {"pause": campaigns.pause, "resume": campaigns.go_on, "stop": campaigns.stop}


@blueprint.get("/curation/campaigns", endpoint="campaigns")
@needs("listing.approve")
def campaigns_list() -> ResponseReturnValue:
    """All campaigns, the newest first, and the switch of the automatic one."""
    now = db.now()
    with db.reading() as session:
        found = session.scalars(select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id).limit(SHOWN)).all()
        done = campaigns.progress(session, [one.id for one in found])
        every = campaign_auto.current(session)
        lines = [campaign_words.line(one, done[one.id], now) for one in found]
    return htmx.render(
        "curation/campaigns.html",
        tabs=tabs.tabs("campaigns"),
        lines=lines,
        every=every.value,
        periods=[(one.value, str(words)) for one, words in campaign_words.EVERY.items()],
    )


@blueprint.post("/curation/campaigns/automatic")
@needs("listing.approve")
def switch_automatic() -> ResponseReturnValue:
    """Ask what is used and old by itself, or not."""
    typed = request.form.get("every", "")
    if typed not in set(Every):
        abort(404)
    with db.transaction() as session:
        campaign_auto.switch(session, Every(typed), now=db.now())
    return htmx.redirect(url_for("curation.campaigns"), toast=_("Saved."))


@blueprint.get("/curation/campaigns/new")
@needs("listing.approve")
def new_campaign() -> ResponseReturnValue:
    """Whom this filter reaches and what they would read. Nothing leaves yet."""
    return _new(to_check_asked.read(request.args), request.args.get("name", ""), request.args.get("note", ""))


@blueprint.post("/curation/campaigns/new")
@needs("listing.approve")
def start_campaign() -> ResponseReturnValue:
    """Start; the clock sends within the next minutes, in the hours agencies read."""
    asked, person = to_check_asked.read(request.args), _member()
    name, note = request.form.get("name", "").strip(), request.form.get("note", "").strip()
    if not name or len(name) > MOST_NAME or len(note) > MOST_NOTE or "http" in note.casefold():
        return _new(asked, name, note, problems=_problems(name, note))
    with db.transaction() as session:
        made = campaigns.start(session, asked.chosen(None), name=name, note=note, org_id=person.org_id, now=db.now())
        made_id = made.id if made else None
    if made_id is None:
        return _new(asked, name, note, problems=[("name", _("This filter reaches nobody. Choose another one."))])
    return htmx.redirect(
        url_for("curation.campaign", campaign_id=made_id), toast=_("Started. The first messages leave in a minute.")
    )


@blueprint.post("/curation/campaigns/call")
@needs("listing.approve")
def call_unreached() -> ResponseReturnValue:
    """Listings without a contact on file become phone tasks of the queue."""
    asked, now = to_check_asked.read(request.args), db.now()
    with db.transaction() as session:
        found = campaigns.preview(session, asked.chosen(None), now=now)
        for entry in found.unreached:
            if ReviewWhy.CALL_THEM not in entry.whys:
                reviews.open_review(
                    session, service_id=entry.service_id, why=ReviewWhy.CALL_THEM, from_role="campaign", now=now
                )
    said = ngettext("%(num)s phone task.", "%(num)s phone tasks.", len(found.unreached))
    return htmx.redirect(url_for("curation.to_check", why=ReviewWhy.CALL_THEM.value), toast=said)


@blueprint.get("/curation/campaigns/<uuid:campaign_id>")
@needs("listing.approve")
def campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """How far one campaign is, and how each contact stands."""
    now, number = db.now(), request.args.get("page", "1")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < len("10000") else 1
    with db.reading() as session:
        found = session.get(Campaign, campaign_id)
        if found is None:
            abort(404)
        done = campaigns.progress(session, [found.id])[found.id]
        rows, total = _contacts(session, found, page, now)
        line = campaign_words.line(found, done, now)
        state, note = found.state.value, found.note
    here = url_for("curation.campaign", campaign_id=campaign_id)
    return htmx.render(
        "curation/campaign.html",
        tabs=tabs.tabs("campaigns"),
        line=line,
        state=state,
        note_text=note,
        rows=rows,
        total=total,
        shown=min(page * SHOWN, total),
        act=url_for("curation.steer_campaign", campaign_id=campaign_id),
        next=f"{here}?page={page + 1}" if page * SHOWN < total else "",
        previous=f"{here}?page={page - 1}" if page > 1 else "",
    )


@blueprint.post("/curation/campaigns/<uuid:campaign_id>")
@needs("listing.approve")
def steer_campaign(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Pause, go on, stop."""
    work = DOINGS.get(request.form.get("do", ""))
    if work is None:
        abort(404)
    with db.transaction() as session:
        found = session.get(Campaign, campaign_id)
        if found is None:
            abort(404)
        work(session, found, now=db.now())
    return htmx.redirect(url_for("curation.campaign", campaign_id=campaign_id), toast=_("Saved."))


@blueprint.post("/curation/campaigns/<uuid:campaign_id>/contacts/<uuid:contact_id>")
@needs("listing.approve")
def rest_contact(campaign_id: uuid.UUID, contact_id: uuid.UUID) -> ResponseReturnValue:
    """The team keeps a contact from being asked, or lets it be asked again."""
    with db.transaction() as session:
        if session.get(AgencyContact, contact_id) is None:
            abort(404)
        if request.form.get("do") == "rest":
            ask_rests.rest(session, contact_id, until=None, said_by=ask_rests.TEAM, now=db.now())
        else:
            ask_rests.end(session, contact_id, now=db.now())
    return htmx.redirect(url_for("curation.campaign", campaign_id=campaign_id), toast=_("Saved."))


def _member() -> Member:
    person = current.member()
    assert person is not None
    return person


def _problems(name: str, note: str) -> list[tuple[str, str]]:
    found = []
    if not name:
        found.append(("name", _("Give it a name, such as: Food pantries, winter.")))
    if len(name) > MOST_NAME:
        found.append(("name", _("This is too long. Please shorten it.")))
    if len(note) > MOST_NOTE:
        found.append(("note", _("This is too long. Please shorten it.")))
    if "http" in note.casefold():
        found.append(("note", _("Write no links: mail programs may take it for fraud.")))
    return found


def _new(asked: Asked, name: str, note: str, *, problems: list[tuple[str, str]] | None = None) -> Response:
    person, now = _member(), db.now()
    with db.reading() as session:
        everything = listing_queue.entries(session, now=now)
        found = campaigns.preview(session, asked.chosen(None), now=now)
        samples = _samples(session, found, person, note[:MOST_NOTE], now)
    needs_known = {need for entry in everything for need in entry.needs} & set(NEEDS)
    return htmx.render(
        "curation/campaign_new.html",
        status=422 if problems else 200,
        tabs=tabs.tabs("campaigns"),
        asked=asked,
        name=name,
        note_text=note,
        problems=problems or [],
        errors_of=dict(problems or []),
        contacts=len(found.asked),
        listings=found.listings,
        recipients=[campaign_words.recipient(one) for one in found.asked[:SHOWN]],
        left_out=[campaign_words.recipient(one) for one in found.left_out[:SHOWN]],
        left_out_count=len(found.left_out),
        unreached=len(found.unreached),
        recent=found.recent,
        samples=samples,
        act=asked.url("curation.start_campaign"),
        call=asked.url("curation.call_unreached"),
        choices={
            "grade": [
                ("", _("Any age")),
                (listing_queue.OLD, _("Not fresh")),
                *((grade.value, str(words)) for grade, words in freshness_words.GRADES.items()),
            ],
            "use": [
                ("", _("Any use")),
                (listing_queue.USED, _("Used in 90 days")),
                *((use.value, str(words)) for use, words in to_check_rows.USES.items()),
            ],
            "need": [
                ("", _("Any need")),
                *sorted(((need, need_words.need(need)) for need in needs_known), key=lambda one: one[1]),
            ],
            "source": [
                ("", _("Any source")),
                *((one, one) for one in sorted({e.source for e in everything if e.source})),
            ],
        },
    )


def _samples(
    session: Session, found: Preview, person: Member, note: str, now: datetime
) -> list[tuple[str, str, str, str]]:
    """The exact words, once for each way and language: kind, language, subject, body."""
    seen: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for one in found.asked:
        assert one.channel is not None
        key = (one.channel.value, one.contact.language)
        if key in seen:
            continue
        names = [entry.name for entry in one.listings]
        said = campaign_messages.written(
            session, person.org_id, one.contact, one.channel, one.agency, names, note, now=now
        )
        language = formatting.language_name(said.language)
        if isinstance(said, Mail):
            seen[key] = (_("Mail"), language, said.subject, said.body)
        else:
            seen[key] = (_("Text"), language, "", said.body)
    return list(seen.values())


def _contacts(session: Session, found: Campaign, page: int, now: datetime) -> tuple[list[dict[str, object]], int]:
    """The contacts of one page: those who need somebody first."""
    asks = session.scalars(select(CampaignAsk).where(CampaignAsk.campaign_id == found.id)).all()
    order = campaign_words.ORDER
    asks = sorted(asks, key=lambda ask: (order.index(ask.state), str(ask.id)))
    shown = asks[(page - 1) * SHOWN : page * SHOWN]
    ids = [ask.contact_id for ask in shown]
    named = select(AgencyContact, Organization.name).join(
        Organization, Organization.id == AgencyContact.organization_id
    )
    known = {contact.id: (contact, name) for contact, name in session.execute(named.where(AgencyContact.id.in_(ids)))}
    resting = ask_rests.resting(session, ids, now=now)
    rows: list[dict[str, object]] = []
    for ask in shown:
        contact, agency = known[ask.contact_id]
        family, drawing, words = campaign_words.ASKS[ask.state]
        rows.append(
            {
                "agency": agency,
                "who": contact.name if contact.name != agency else "",
                "state": (family, drawing, str(words)),
                "why": str(campaign_words.WHY_NOT[ask.why_not]) if ask.why_not else "",
                "sent": formatting.ago(ask.sent_at, now) if ask.sent_at else "",
                "rests": ask.contact_id in resting,
                "act": url_for("curation.rest_contact", campaign_id=found.id, contact_id=ask.contact_id),
            }
        )
    return rows, len(asks)
