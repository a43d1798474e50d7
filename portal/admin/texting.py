"""How texts are doing, and whether everything is ready for real ones: figures, alarms, the checklist, a test text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from sqlalchemy import select

from i18n.catalog import gettext as _
from messaging import figures, going_live, outbox, pauses, phone
from messaging.going_live import Finding, Grade, Step
from messaging.phone import PhoneError
from portal import db, htmx
from portal.admin import texting_words
from portal.admin.blueprint import blueprint
from portal.auth import current
from portal.auth.guards import needs
from portal.text_cost import LOOKED
from resources_db import audit
from resources_db.base import new_id
from resources_db.models.access import Setting
from resources_db.models.messages import Message
from resources_db.models.tenants import Org
from resources_db.tenancy import system
from resources_db.vocab import Purpose

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.auth.current import Member


@blueprint.get("/texting")
@needs("status.read")
def texting() -> ResponseReturnValue:
    """The figures of all orgs together, and what the last look found."""
    return _page()


@blueprint.post("/texting/check")
@needs("texting.manage")
def check_texting() -> ResponseReturnValue:
    """Ask the provider and our own public address; nothing is changed there."""
    runtime = db.runtime()
    if not _connected():
        return htmx.redirect(url_for("admin.texting"), toast=_("No account is set."))
    found = going_live.look(runtime.messenger.settings, simulated=runtime.settings.simulator)
    with db.transaction() as session:
        kept = {"findings": [[one.step.value, one.grade.value, one.detail] for one in found]}
        session.merge(Setting(name=LOOKED, value=kept, changed_at=db.now(), changed_by=_person().user_id))
    runtime.price.forget()
    return htmx.redirect(f"{url_for('admin.texting')}#ready", toast=_("Looked at everything."))


@blueprint.post("/texting/test")
@needs("texting.manage")
def send_test() -> ResponseReturnValue:
    """One text to a number of the administrator's own, by the way of all texts."""
    typed = request.form.get("phone", "").strip()
    try:
        number = phone.parse(typed)
    except PhoneError:
        return _page(typed=typed, problem=_("Type the 10 digits of a cell phone."), status=422)
    person = _person()
    with db.transaction() as session:
        org = session.get_one(Org, person.org_id)
        outbox.enqueue_text(
            session,
            org_id=org.id,
            to=number,
            body=texting_words.test_text(org.sms_label),
            lang="en",
            purpose=Purpose.TEST,
            subject_kind="app_user",
            subject_id=person.user_id,
            dedupe_key=f"test:{new_id()}",
            now=db.now(),
            created_by=person.user_id,
        )
    return htmx.redirect(f"{url_for('admin.texting')}#test", toast=_("The test text is on its way."))


@blueprint.post("/texting/go-on")
@needs("texting.manage")
def go_on() -> ResponseReturnValue:
    """Sending goes on after whatever stopped it was mended; nothing that waited is lost."""
    with db.transaction() as session:
        if pauses.lift(session, _person().user_id, db.now()):
            audit.record(session, action="texting.go_on", subject_kind="queue_pause", subject_id="all", now=db.now())
    db.runtime().pause.forget()
    return htmx.redirect(url_for("admin.texting"), toast=_("Sending goes on."))


def _page(*, typed: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.reading(system()) as session:
        found = figures.read(session, db.now(), protocol_now=db.wall_clock())
        looked = session.get(Setting, LOOKED)
        test = _last_test(session)
        shown = texting_words.page(found, _person().timezone, looked, _findings(looked), test)
    return htmx.render(
        "admin/texting.html", status=status, page=shown, connected=_connected(), typed=typed, problem=problem
    )


def _findings(looked: Setting | None) -> tuple[Finding, ...]:
    rows = looked.value.get("findings", []) if looked else []
    assert isinstance(rows, list)
    return tuple(Finding(Step(step), Grade(grade), str(detail)) for step, grade, detail in rows)


def _last_test(session: Session) -> Message | None:
    mine = (Message.purpose == Purpose.TEST, Message.subject_id == _person().user_id)
    return session.scalars(select(Message).where(*mine).order_by(Message.created_at.desc()).limit(1)).one_or_none()


def _connected() -> bool:
    settings = db.runtime().settings
    return settings.has_twilio or settings.simulator


def _person() -> Member:
    person = current.member()
    assert person is not None
    return person
