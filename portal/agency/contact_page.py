"""Staff keep an agency's contact on file: where its referrals go, in which language, with or without a code."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import request, url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from messaging import suppression
from portal import db, htmx
from portal.agency.blueprint import blueprint
from portal.agency.contact_form import ALL, ContactForm
from portal.auth import current
from portal.auth.guards import needs
from portal.security import safe_next
from referrals import agency_contacts
from referrals.errors import BadInputError, ChangedMeanwhileError
from resources_db.models.tenants import AppUser, Membership

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.referrals import AgencyContact


@blueprint.get("/agencies/<uuid:service_id>/contact")
@needs("contact.edit")
def contact(service_id: uuid.UUID) -> ResponseReturnValue:
    """What is on file, as a form."""
    form = ContactForm()
    with db.reading() as session:
        found = agency_contacts.on_file(session, service_id)
        form.offer(found.service.name, found.organization.name)
        form.show(found.contact, own=found.own)
    return _page(service_id, form)


@blueprint.post("/agencies/<uuid:service_id>/contact")
@needs("contact.edit")
def change_contact(service_id: uuid.UUID) -> ResponseReturnValue:
    """Keep it. What waits for an answer is told again at a new address."""
    form = ContactForm(request.form)
    with db.reading() as session:
        found = agency_contacts.on_file(session, service_id)
        form.offer(found.service.name, found.organization.name)
    if not form.validate():
        return _page(service_id, form, status=422)
    try:
        with db.transaction() as session:
            _contact, told = agency_contacts.save(
                session,
                service_id,
                form.facts(),
                for_all=form.applies.data == ALL,
                now=db.now(),
                expected_version=request.form.get("version", type=int),
            )
    except BadInputError as error:
        form.complain(error.field, error.problem)
        return _page(service_id, form, status=422)
    except ChangedMeanwhileError:
        form.name.errors = [*form.name.errors, _("Somebody else changed this contact just now. Look at it, then save.")]
        return _page(service_id, form, status=409)
    said = _("Contact saved.")
    if told:
        said = ngettext(
            "Contact saved. %(num)s referral without an answer was sent there again.",
            "Contact saved. %(num)s referrals without an answer were sent there again.",
            told,
        )
    return htmx.redirect(_back() or url_for("agency.contact", service_id=service_id), toast=said)


def _page(service_id: uuid.UUID, form: ContactForm, *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        found = agency_contacts.on_file(session, service_id)
        return htmx.render(
            "agency/contact.html",
            status=status,
            form=form,
            agency=found.organization.name,
            known=found.contact is not None,
            version=found.contact.version if found.contact is not None else None,
            stopped=_stopped(session, found.contact),
            changed=_changed(session, found.contact),
            back=_back(),
        )


def _stopped(session: Session, contact: AgencyContact | None) -> bool:
    """Whether the number on file sent STOP: no text reaches it, whatever stands here."""
    if contact is None or contact.phone_bix is None:
        return False
    return suppression.open_suppression(session, contact.phone_bix) is not None


def _changed(session: Session, contact: AgencyContact | None) -> str:
    """When it was changed last, and by whom where that is somebody of the reader's own org."""
    member = current.member()
    if contact is None or contact.changed_at is None or member is None:
        return ""
    day = formatting.date(formatting.local(contact.changed_at, member.timezone).date())
    own = select(AppUser.name).join(Membership, Membership.user_id == AppUser.id)
    who = session.scalars(own.where(AppUser.id == contact.changed_by, Membership.org_id == member.org_id)).first()
    return _("Changed on %(day)s by %(who)s.", day=day, who=who) if who else _("Changed on %(day)s.", day=day)


def _back() -> str:
    wanted = request.values.get("back", "")
    return safe_next(wanted) if wanted else ""
