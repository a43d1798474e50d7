"""Reason codes of agencies and patients as staff read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import lazy_gettext as _
from resources_db.vocab import PatientReason, PatientWord, Reason

if TYPE_CHECKING:
    from i18n.lazy import LazyText

AGENCY: dict[Reason, LazyText] = {
    Reason.NO_CAPACITY: _("no room"),
    Reason.WAITLIST_ONLY: _("waitlist only"),
    Reason.NOT_ELIGIBLE: _("not eligible"),
    Reason.OUT_OF_AREA: _("outside their area"),
    Reason.SERVICE_NOT_OFFERED: _("they do not offer this"),
    Reason.PROGRAM_CLOSED: _("the program is closed"),
    Reason.FUNDING_EXHAUSTED: _("out of funds"),
    Reason.LANGUAGE_UNAVAILABLE: _("nobody speaks the language"),
    Reason.NEEDS_MORE_INFORMATION: _("they need more information"),
    Reason.DUPLICATE: _("they have this person already"),
    Reason.SAFETY: _("safety"),
    Reason.OTHER: _("other"),
    Reason.COULD_NOT_REACH: _("could not reach the person"),
    Reason.NO_SHOW: _("the person did not come"),
    Reason.CLIENT_DECLINED_HELP: _("the person did not want it"),
    Reason.FOUND_INELIGIBLE: _("found not eligible"),
    Reason.DOCUMENTS_MISSING: _("papers are missing"),
    Reason.CLIENT_MOVED: _("the person moved"),
    Reason.DIED: _("the person died"),
    Reason.CLIENT_DECLINED: _("the patient does not want it"),
    Reason.CONSENT_REVOKED: _("the agreement was taken back"),
    Reason.NEED_MET_ELSEWHERE: _("helped by somebody else"),
    Reason.WRONG_SERVICE: _("wrong service"),
    Reason.WRONG_PATIENT: _("wrong patient"),
    Reason.ADMITTED_OR_INCARCERATED: _("in hospital or in custody"),
    Reason.UNSAFE_CONTACT: _("contact is not safe"),
    Reason.AWAITING_ELIGIBILITY: _("they check eligibility first"),
    Reason.AWAITING_DOCUMENTS: _("they wait for papers"),
    Reason.SEASONAL: _("only at certain times of the year"),
}
PATIENT: dict[PatientReason, LazyText] = {
    PatientReason.NO_ANSWER: _("nobody answered"),
    PatientReason.CLOSED: _("it was closed"),
    PatientReason.FULL: _("no room or nothing left"),
    PatientReason.NOT_ELIGIBLE: _("told it is not for them"),
    PatientReason.COULD_NOT_GET_THERE: _("could not get there"),
    PatientReason.LANGUAGE: _("nobody spoke the language"),
    PatientReason.PAPERS: _("did not have the papers"),
    PatientReason.TOO_FAR: _("too far"),
    PatientReason.COST: _("cost too much"),
    PatientReason.FELT_UNWELCOME: _("did not feel welcome"),
    PatientReason.OTHER: _("something else"),
}
WORDS: dict[PatientWord, LazyText] = {
    PatientWord.GOT_HELP: _("I got help"),
    PatientWord.PARTLY: _("I got part of it"),
    PatientWord.NOT_YET: _("Not yet"),
    PatientWord.COULD_NOT: _("I could not get help"),
    PatientWord.NOT_NEEDED: _("I do not need it any more"),
    PatientWord.OTHER_HELP: _("I need other help"),
    PatientWord.CALL_ME: _("Please call me"),
    PatientWord.SOLVED: _("It is solved"),
    PatientWord.PARTLY_SOLVED: _("Partly solved"),
    PatientWord.NOT_SOLVED: _("Not solved"),
    PatientWord.WRONG_PERSON: _("This message is not for me"),
}


def agency(code: str | Reason | None) -> str:
    """Why an agency, or we, said no; nothing for an unknown code."""
    return str(AGENCY[Reason(code)]) if code in set(Reason) else ""


def patient(code: str | PatientReason | None) -> str:
    """Why the patient could not get help; nothing for an unknown code."""
    return str(PATIENT[PatientReason(code)]) if code in set(PatientReason) else ""


def word(code: str | PatientWord | None) -> str:
    """What the patient said; nothing for an unknown code."""
    return str(WORDS[PatientWord(code)]) if code in set(PatientWord) else ""
