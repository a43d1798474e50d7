"""The words of the patient's answers: buttons, reasons, what we say after each, and what was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from i18n.catalog import patient as patient_words
from resources_db.vocab import PatientReason, PatientWord

if TYPE_CHECKING:
    from i18n.lazy import LazyText

P = patient_words.lazy_gettext
W = PatientWord

# Translators: The five answers of the patient's page; each is a button.
ANSWERS: Final[tuple[tuple[PatientWord, str, LazyText], ...]] = (
    (W.GOT_HELP, "ring-check", P("I got help")),
    (W.COULD_NOT, "ring-bar", P("I could not get help")),
    (W.NOT_NEEDED, "ring-cross", P("I do not need it any more")),
    (W.OTHER_HELP, "search", P("I need other help")),
    (W.CALL_ME, "phone", P("Please call me")),
)
# Translators: The three answers to "Is the problem solved now?"; each is a button.
SOLVED: Final[tuple[tuple[PatientWord, str, LazyText], ...]] = (
    (W.SOLVED, "ring-check", P("Yes, it is solved")),
    (W.PARTLY_SOLVED, "ring-filled-half", P("Partly")),
    (W.NOT_SOLVED, "ring-bar", P("No, not solved")),
)
# Translators: Why a patient could not get help; each is a button.
REASONS: Final[dict[PatientReason, LazyText]] = {
    PatientReason.NO_ANSWER: P("Nobody answered"),
    PatientReason.CLOSED: P("It was closed"),
    PatientReason.FULL: P("They had no room or no more to give"),
    PatientReason.NOT_ELIGIBLE: P("They said it is not for me"),
    PatientReason.COULD_NOT_GET_THERE: P("I could not get there"),
    PatientReason.LANGUAGE: P("Nobody spoke my language"),
    PatientReason.PAPERS: P("I did not have the papers"),
    PatientReason.TOO_FAR: P("It was too far"),
    PatientReason.COST: P("It cost too much"),
    PatientReason.FELT_UNWELCOME: P("I did not feel welcome"),
    PatientReason.OTHER: P("Something else"),
}
THANKS: Final[dict[PatientWord, tuple[LazyText, LazyText]]] = {
    W.GOT_HELP: (P("Thank you"), P("We are glad you got help.")),
    W.COULD_NOT: (P("Thank you for telling us"), P("Your care manager will look for another place.")),
    W.NOT_NEEDED: (P("Thank you for telling us"), P("We will not ask about this again.")),
    W.OTHER_HELP: (P("Thank you"), P("Your care manager will call you about other help.")),
    W.CALL_ME: (P("We will call you"), P("Your care manager got your message just now.")),
    W.SOLVED: (P("Thank you"), P("We are glad it is solved.")),
    W.PARTLY_SOLVED: (P("Thank you for telling us"), P("Your care manager will ask what is left.")),
    W.NOT_SOLVED: (P("Thank you for telling us"), P("Your care manager will look for other help.")),
    W.WRONG_PERSON: (P("Sorry about that"), P("We will send no more texts to this number.")),
}
HEAR_FROM_US: Final = frozenset({W.COULD_NOT, W.OTHER_HELP, W.CALL_ME, W.PARTLY_SOLVED, W.NOT_SOLVED})
"""Answers after which somebody gets in touch by the next business day."""
SAID: Final[dict[PatientWord, LazyText]] = {
    **{word: words for word, _, words in (*ANSWERS, *SOLVED)},
    # Translators: what a person told us by text before, shown on their page.
    W.PARTLY: P("I got part of it"),
    W.NOT_YET: P("I have not got help yet"),
}


def reason(code: PatientReason | None) -> str:
    """Why help did not come, in the patient's words; nothing when it was not said."""
    return str(REASONS[code]) if code is not None else ""
