"""A patient's texts as a conversation: what arrived, what was answered, a text of one's own, what is planned."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import conversation_view, presenters, reason_words, safe_contact, send_words, text_words
from portal.caseload.blueprint import blueprint
from referrals import check_ins, people, replies, senders, staff_texts, text_templates, texting
from referrals.errors import BadInputError, NotFoundError, NotSendableError, TooLateError
from referrals.text_timing import Rules
from resources_db import audit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient

MOST_WORDS = 1_600
MOST_KEY = 80
SHIPPED = "shipped:"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it stands."""

    words: str
    language: str
    title: str
    form_key: str


@blueprint.get("/patients/<uuid:patient_id>/texts")
@needs("message.read")
def conversation(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The texts to and from one patient; reading them is audited, their ticks are not."""
    if not htmx.wants_fragment():
        with db.transaction() as session:
            audit.record(session, action="message.list", subject_kind="patient", subject_id=patient_id, now=db.now())
    return _page(patient_id, {}, block="thread", put=_ready(patient_id) if "ready" in request.args else None)


@blueprint.post("/patients/<uuid:patient_id>/texts")
@needs("message.send")
def send_text(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Send what was typed; or put ready words in, measure, keep the words for later, all in the same form."""
    form = request.form
    if "insert" in form:
        return _page(patient_id, {}, block="write", put=_chosen(patient_id))
    if "measure" in form:
        return _page(patient_id, {}, block="measured")
    if "keep" in form:
        return _keep(patient_id)
    try:
        with db.transaction() as session:
            typed = _typed(people.get(session, patient_id))
            staff_texts.send(
                session,
                patient_id=patient_id,
                words=typed.words,
                language=typed.language,
                form_key=typed.form_key,
                now=db.now(),
            )
    except NotSendableError as error:
        return _page(patient_id, {"words": send_words.why(error.why)}, status=422)
    except BadInputError as error:
        return _page(patient_id, {"words": _problem(error)}, status=422)
    return _back(patient_id)


@blueprint.post("/patients/<uuid:patient_id>/texts/list")
@needs("message.send")
def send_list_again(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The places once more, with a new link."""
    key = request.form.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(16)
    try:
        with db.transaction() as session:
            staff_texts.send_list_again(session, patient_id=patient_id, form_key=key, now=db.now())
    except NotSendableError as error:
        return _page(patient_id, {"words": send_words.why(error.why)}, status=422)
    return _back(patient_id)


@blueprint.post("/patients/<uuid:patient_id>/texts/<uuid:message_id>/undo")
@needs("message.send")
def undo_text(patient_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    """Take a text back that has not left."""
    try:
        with db.transaction() as session:
            staff_texts.undo(session, message_id, now=db.now())
        words = _("Taken back. Nothing was sent.")
    except TooLateError:
        words = _("It has left already.")
    return _back(patient_id, words)


@blueprint.post("/patients/<uuid:patient_id>/texts/<uuid:inbound_id>/means")
@needs("message.send")
def words_meant(patient_id: uuid.UUID, inbound_id: uuid.UUID) -> ResponseReturnValue:
    """Words that answered a question: a person says which answer they are."""
    number = request.form.get("answer", default=0, type=int)
    with db.transaction() as session:
        word = replies.meant(session, patient_id=patient_id, inbound_id=inbound_id, number=number, now=db.now())
    said = _("Kept as their answer: %(answer)s", answer=reason_words.word(word))
    return _back(patient_id, said)


@blueprint.post("/patients/<uuid:patient_id>/texts/check-in")
@needs("message.send")
def plan_check_in(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Ask again on a day of one's own choice."""
    typed = request.form.get("day", "").strip()
    batch_id = request.form.get("send", type=uuid.UUID)
    if batch_id is None:
        abort(400)
    try:
        day = dt.date.fromisoformat(typed)
        with db.transaction() as session:
            check_ins.plan(session, patient_id=patient_id, batch_id=batch_id, day=day, now=db.now())
    except (ValueError, BadInputError):
        problem = _("Type a day that lies ahead, as year-month-day, within a year.")
        return _page(patient_id, {"day": problem}, status=422)
    return _back(patient_id, _("Planned for %(day)s.", day=formatting.day(day)))


@blueprint.post("/patients/<uuid:patient_id>/texts/planned/<uuid:task_id>/cancel")
@needs("message.send")
def cancel_planned(patient_id: uuid.UUID, task_id: uuid.UUID) -> ResponseReturnValue:
    """Do not send a planned text."""
    with db.transaction() as session:
        check_ins.cancel(session, patient_id=patient_id, task_id=task_id, now=db.now())
    return _back(patient_id, _("It will not be sent."))


@blueprint.post("/patients/<uuid:patient_id>/texts/words/<uuid:template_id>/retire")
@needs("message.send")
def retire_words(patient_id: uuid.UUID, template_id: uuid.UUID) -> ResponseReturnValue:
    """Offer kept words no longer."""
    with db.transaction() as session:
        text_templates.retire(session, template_id, now=db.now())
    return _back(patient_id, _("These words are gone from the list."))


def _keep(patient_id: uuid.UUID) -> ResponseReturnValue:
    try:
        with db.transaction() as session:
            typed = _typed(people.get(session, patient_id))
            text_templates.keep(
                session,
                title=typed.title,
                body=typed.words,
                lang=typed.language,
                for_team=request.form["keep"] == "team",
                now=db.now(),
            )
    except BadInputError as error:
        return _page(patient_id, {error.field: _problem(error)}, status=422)
    return _page(patient_id, {}, said=_("Kept. The words stand in the list now."))


def _chosen(patient_id: uuid.UUID) -> str:
    """The ready words that were chosen, in the language of the text; they are put behind what is typed."""
    name = request.form.get("ready", "")
    with db.reading() as session:
        patient = people.get(session, patient_id)
        typed = _typed(patient)
        try:
            if name.startswith(SHIPPED):
                sender = senders.of_patient(session, patient.org_id, patient.id)
                words = text_templates.shipped(name.removeprefix(SHIPPED), typed.language, sender)
            else:
                words = text_templates.body_of(session, uuid.UUID(name))
        except (NotFoundError, ValueError):
            return typed.words
    return f"{typed.words.rstrip()} {words}".strip()


def _ready(patient_id: uuid.UUID) -> str | None:
    """The shipped words an item of Today asks for, in the patient's language; None for a name nobody knows."""
    with db.reading() as session:
        patient = people.get(session, patient_id)
        try:
            sender = senders.of_patient(session, patient.org_id, patient.id)
            return text_templates.shipped(request.args["ready"], patient.language, sender)
        except NotFoundError:
            return None


def _typed(patient: Patient) -> Typed:
    form = request.form
    asked = form.get("language", "")
    known = {patient.language, *(one.code for one in catalog.offered())}
    return Typed(
        words=form.get("words", "")[:MOST_WORDS],
        language=asked if asked in known else patient.language,
        title=form.get("title", "")[: text_templates.LONGEST_TITLE + 1],
        form_key=form.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(24),
    )


def _problem(error: BadInputError) -> str:
    if error.field == "title":
        return _("Give the words a short name, of 60 letters at most.")
    if error.problem == "missing":
        return _("Write the text first.")
    if error.field == "words" and error.problem == "too_long":
        return _("This is too long for a text. Shorten it to three parts at most.")
    return _("Please press Send once more.")


def _back(patient_id: uuid.UUID, words: str | None = None) -> ResponseReturnValue:
    return htmx.redirect(url_for("caseload.conversation", patient_id=patient_id, _anchor="write"), toast=words)


def _page(
    patient_id: uuid.UUID,
    problems: dict[str, str],
    *,
    block: str | None = None,
    status: int = 200,
    put: str | None = None,
    said: str = "",
) -> ResponseReturnValue:
    now = db.now()
    with db.reading() as session:
        patient = people.get(session, patient_id)
        zone = senders.org_of(session, patient.org_id).timezone
        typed = _typed(patient)
        words = typed.words if put is None else put
        waiting = staff_texts.waiting(session, patient, now)
        context: dict[str, object] = {
            "person": presenters.person(patient, now=now),
            "first_name": patient.first_name,
            "safe": safe_contact.of(patient),
            "texting": texting.state(session, patient),
            "days": conversation_view.days(session, patient, zone, now=now, every="all" in request.args),
            "kept": text_templates.kept(session),
            "planned": conversation_view.planned(session, patient, zone),
            "sends": conversation_view.sends(session, patient, zone),
            "waiting_undo": url_for("caseload.undo_text", patient_id=patient.id, message_id=waiting.id)
            if waiting
            else "",
            "draft": _draft(session, patient, words, typed.language, now),
        }
    texting_state = context["texting"]
    assert isinstance(texting_state, texting.Texting)
    return htmx.render(
        "caseload/conversation.html",
        block=block,
        status=status,
        typed=typed,
        words=words,
        problems=problems,
        said=said,
        zone=zone,
        text_why=send_words.why(texting_state.why) if texting_state.why else "",
        shipped=[(f"{SHIPPED}{name}", str(title)) for name, title in text_words.SHIPPED.items()],
        languages=conversation_view.languages(patient),
        tag=presenters.language_tag(typed.language),
        language_off=presenters.language_off(patient.language),
        tomorrow=(formatting.local(now, zone).date() + dt.timedelta(days=1)).isoformat(),
        day=request.form.get("day", ""),
        **context,
    )


def _draft(
    session: Session, patient: Patient, words: str, language: str, now: dt.datetime
) -> conversation_view.DraftView:
    settings = db.runtime().messenger.settings
    rules = Rules(settings.hours, settings.limits)
    draft = staff_texts.prepare_text(
        session, patient_id=patient.id, words=words, language=language, rules=rules, now=now
    )
    zone = senders.org_of(session, patient.org_id).timezone
    return conversation_view.draft(draft, zone, typed=bool(words.strip()))
