"""Which questions, in which language, and who holds the screen: staff, a tablet, the patient's own phone, or paper."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from i18n.catalog import use_language
from portal import db, htmx, screening_words
from portal.auth.guards import needs
from portal.screening import shown
from portal.screening.blueprint import blueprint
from referrals import people, questionnaires, screening, screening_links, senders, texting
from referrals.errors import NotSendableError, TooLateError
from referrals.text_timing import Rules

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument
    from resources_db.models.people import Patient

ONE, ALL, TABLET, TEXT, PAPER = "one", "all", "tablet", "text", "paper"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says."""

    instrument: Instrument
    language: str
    way: str
    interpreter: bool
    form_key: str


@blueprint.get("/patients/<uuid:patient_id>/screen")
@needs("screening.ask")
def choose(patient_id: uuid.UUID) -> ResponseReturnValue:
    """What may be asked, and how."""
    return _page(patient_id)


@blueprint.post("/patients/<uuid:patient_id>/screen")
@needs("screening.ask")
def start(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Begin; a text is looked at before it is promised, and paper stores nothing."""
    with db.reading() as session:
        wanted = _wanted(session)
        people.get(session, patient_id)
    if wanted is None:
        return _page(patient_id, problem=_("Choose how to ask."), status=422)
    if wanted.way in {TEXT, PAPER}:
        endpoint = "screening.look_at_text" if wanted.way == TEXT else "screening.paper"
        key = questionnaires.key_of(wanted.instrument)
        return htmx.redirect(
            url_for(endpoint, patient_id=patient_id, set=key, language=wanted.language, key=wanted.form_key)
        )
    with db.transaction() as session:
        row = screening.begin(
            session,
            patient_id=patient_id,
            instrument=wanted.instrument,
            language=wanted.language,
            asked_by=screening.TABLET if wanted.way == TABLET else screening.STAFF,
            form_key=wanted.form_key,
            interpreter=wanted.interpreter,
            now=db.now(),
        )
        screening_id = row.id
    endpoint = {ONE: "screening.ask", ALL: "screening.ask_all", TABLET: "screening.before_tablet"}[wanted.way]
    return htmx.redirect(url_for(endpoint, screening_id=screening_id))


@blueprint.get("/patients/<uuid:patient_id>/screen/text")
@needs("screening.ask")
def look_at_text(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The text as the phone will show it; nothing is stored yet."""
    return _text_page(patient_id)


@blueprint.post("/patients/<uuid:patient_id>/screen/text")
@needs("message.send")
def send_text(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Promise the text; it leaves in ten seconds. Without an agreement to texts nothing happens."""
    try:
        with db.transaction() as session:
            row = screening.begin(
                session,
                patient_id=patient_id,
                instrument=questionnaires.to_ask(session, request.values.get("set", "")),
                language=_language(session, patient_id),
                asked_by=screening.LINK,
                form_key=request.values.get("key", ""),
                now=db.now(),
            )
            screening_links.send(session, row, now=db.now())
            undo = url_for("screening.undo_text", screening_id=row.id)
    except NotSendableError:
        return _text_page(patient_id, status=422)
    words = _("The text with the questions leaves in 10 seconds.")
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=words, undo_url=undo)


@blueprint.post("/screenings/<uuid:screening_id>/text/undo")
@needs("message.send")
def undo_text(screening_id: uuid.UUID) -> ResponseReturnValue:
    """Take the text back before it leaves."""
    with db.transaction() as session:
        row = screening.get(session, screening_id, lock=True)
        patient_id = row.patient_id
        try:
            screening_links.take_back(session, row, now=db.now())
            words = _("Taken back. Nothing was sent.")
        except TooLateError:
            words = _("Too late: the text is on its way.")
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=words)


@blueprint.get("/patients/<uuid:patient_id>/screen/paper")
@needs("screening.ask")
def paper(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The questions on paper, in the patient's language; the answers are typed in later."""
    with db.reading() as session:
        patient = people.get(session, patient_id)
        instrument = questionnaires.to_ask(session, request.args.get("set", ""))
        sender = senders.of_patient(session, patient.org_id, patient.id)
        language = _language(session, patient_id)
    with use_language(language):
        return htmx.render(
            "screening/paper.html",
            questions=[shown.question(one, None) for one in instrument.questions],
            wishes=shown.wishes(),
            help_words=str(shown.HELP),
            credit=instrument.credit,
            sender=sender.org,
            navigator=sender.staff,
            phone=sender.phone,
        )


def _wanted(session: Session) -> Wanted | None:
    way = request.form.get("way", "")
    if way not in {ONE, ALL, TABLET, TEXT, PAPER}:
        return None
    return Wanted(
        instrument=questionnaires.to_ask(session, request.form.get("set", "")),
        language=_known_language(request.form.get("language", "")),
        way=way,
        interpreter=request.form.get("interpreter") == "y",
        form_key=request.form.get("key", ""),
    )


def _language(session: Session, patient_id: uuid.UUID) -> str:
    asked = request.values.get("language", "")
    return _known_language(asked or people.get(session, patient_id).language)


def _known_language(code: str) -> str:
    return catalog.spoken(code) if code else "en"


def _page(patient_id: uuid.UUID, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        patient = people.get(session, patient_id)
        offered = questionnaires.offered(session)
        may = texting.state(session, patient)
        person = screening_words.head(patient)
        language = catalog.spoken(patient.language)
    chosen = request.form.get("set") or questionnaires.key_of(offered[0])
    return htmx.render(
        "screening/choose.html",
        status=status,
        person=person,
        first_name=patient.first_name,
        sets=[screening_words.offered(one, language, chosen=chosen) for one in offered],
        languages=screening_words.languages(),
        spoken=request.form.get("language") or language,
        language_off=screening_words.language_off(patient.language),
        interpreter=patient.interpreter,
        ways=_ways(may_text=may.allowed),
        way=request.form.get("way", ""),
        may_text=may.allowed,
        problem=problem,
        form_key=request.form.get("key") or secrets.token_urlsafe(18),
    )


def _ways(*, may_text: bool) -> list[tuple[str, str, str]]:
    """Value, words, and what happens then; a way that cannot be gone is left out and its reason said below."""
    ways = [
        (ONE, _("I ask, one question at a time"), _("Keys 1 to 9 choose the answer.")),
        (ALL, _("I ask, all questions on one page"), ""),
        (TABLET, _("Hand over this tablet"), _("The patient sees the questions and nothing else.")),
        (TEXT, _("Text a link to the patient’s phone"), _("You see the text first.")),
        (PAPER, _("Print the questions"), _("Type the answers in later.")),
    ]
    return [way for way in ways if may_text or way[0] != TEXT]


def _text_page(patient_id: uuid.UUID, *, status: int = 200) -> ResponseReturnValue:
    settings = db.runtime().messenger.settings
    with db.reading() as session:
        patient: Patient = people.get(session, patient_id)
        instrument = questionnaires.to_ask(session, request.values.get("set", ""))
        language, key = _language(session, patient_id), request.values.get("key", "")
        rules = Rules(settings.hours, settings.limits)
        draft = screening_links.prepare(session, patient, language=language, form_key=key, rules=rules, now=db.now())
        zone = senders.org_of(session, patient.org_id).timezone
    return htmx.render(
        "screening/text.html",
        status=status,
        person=screening_words.head(patient),
        first_name=patient.first_name,
        title=str(instrument.title),
        draft=draft,
        waits=screening_words.goes_out(draft.timing, zone),
        reached=draft.timing.reached is not None,
        too_late=draft.timing.too_late,
        language_name=formatting.language_name(draft.language),
        hidden={"set": questionnaires.key_of(instrument), "language": language, "key": key},
        again=url_for("screening.choose", patient_id=patient_id),
    )
