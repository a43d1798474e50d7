"""What the agency's word and the patient's word mean together: the two-sided table. Pure.

Neither side overwrites the other. The table says whether they agree and what a navigator should look at, and by when.
"""

from dataclasses import dataclass
from enum import StrEnum, unique

from resources_db.vocab import PatientWord, ReferralState, WhyCode

S, P, W = ReferralState, PatientWord, WhyCode


@unique
class Agreement(StrEnum):
    """How the two words stand to each other."""

    AGREED = "agreed"
    AGREED_IN_PART = "agreed_in_part"
    AGREED_NO = "agreed_no"
    DISAGREE = "disagree"
    UNCONFIRMED = "unconfirmed"
    FOUND_IT = "found_it"
    AGENCY_SILENT = "agency_silent"
    NOT_NEEDED = "not_needed"
    OPEN = "open"


@unique
class By(StrEnum):
    """By when an item is due."""

    TODAY = "today"
    NEXT_BUSINESS_DAY = "next_business_day"
    IN_3_DAYS = "in_3_days"


@unique
class Ask(StrEnum):
    """When the patient is asked whether the need is solved."""

    NO = "no"
    NOW = "now"
    DAY_30 = "day_30"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cell of the table."""

    agreement: Agreement
    item: WhyCode | None = None
    due: By = By.NEXT_BUSINESS_DAY
    ask_need: Ask = Ask.NO


@unique
class Said(StrEnum):
    """Columns of the table: the patient's words, gathered."""

    HELPED = "helped"
    PARTLY = "partly"
    NOT = "not"
    NOTHING = "nothing"
    NOT_NEEDED = "not_needed"


@unique
class Agency(StrEnum):
    """Rows of the table: the agency's states, gathered."""

    SERVED = "served"
    PARTLY = "partly"
    NO = "no"
    SILENT = "silent"
    OPEN = "open"


SAID: dict[PatientWord, Said] = {
    P.GOT_HELP: Said.HELPED,
    P.SOLVED: Said.HELPED,
    P.PARTLY: Said.PARTLY,
    P.PARTLY_SOLVED: Said.PARTLY,
    P.NOT_YET: Said.NOT,
    P.COULD_NOT: Said.NOT,
    P.NOT_SOLVED: Said.NOT,
    P.OTHER_HELP: Said.NOT,
    P.NOT_NEEDED: Said.NOT_NEEDED,
}
"""A call for a call or a wrong number says nothing about help."""

AGENCY: dict[ReferralState, Agency] = {
    S.SERVED: Agency.SERVED,
    S.PARTLY_SERVED: Agency.PARTLY,
    S.NOT_SERVED: Agency.NO,
    S.DECLINED: Agency.NO,
    S.NO_RESPONSE: Agency.SILENT,
}

A = Agreement
TABLE: dict[tuple[Agency, Said], Outcome] = {
    (Agency.SERVED, Said.HELPED): Outcome(A.AGREED, ask_need=Ask.DAY_30),
    (Agency.SERVED, Said.PARTLY): Outcome(A.AGREED_IN_PART, W.PARTLY_SERVED),
    (Agency.SERVED, Said.NOT): Outcome(A.DISAGREE, W.DISAGREEMENT),
    (Agency.SERVED, Said.NOTHING): Outcome(A.UNCONFIRMED, ask_need=Ask.DAY_30),
    (Agency.SERVED, Said.NOT_NEEDED): Outcome(A.NOT_NEEDED, W.PATIENT_NOT_NEEDED),
    (Agency.PARTLY, Said.HELPED): Outcome(A.AGREED_IN_PART, W.PARTLY_SERVED, ask_need=Ask.DAY_30),
    (Agency.PARTLY, Said.PARTLY): Outcome(A.AGREED_IN_PART, W.PARTLY_SERVED),
    (Agency.PARTLY, Said.NOT): Outcome(A.DISAGREE, W.DISAGREEMENT),
    (Agency.PARTLY, Said.NOTHING): Outcome(A.UNCONFIRMED, W.PARTLY_SERVED, ask_need=Ask.DAY_30),
    (Agency.PARTLY, Said.NOT_NEEDED): Outcome(A.NOT_NEEDED, W.PATIENT_NOT_NEEDED),
    (Agency.NO, Said.HELPED): Outcome(A.FOUND_IT, W.PATIENT_FOUND_IT, ask_need=Ask.NOW),
    (Agency.NO, Said.PARTLY): Outcome(A.FOUND_IT, W.PATIENT_FOUND_IT),
    (Agency.NO, Said.NOT): Outcome(A.AGREED_NO, W.PATIENT_COULD_NOT),
    (Agency.NO, Said.NOTHING): Outcome(A.AGREED_NO),
    (Agency.NO, Said.NOT_NEEDED): Outcome(A.NOT_NEEDED, W.PATIENT_NOT_NEEDED),
    (Agency.SILENT, Said.HELPED): Outcome(A.AGENCY_SILENT, ask_need=Ask.NOW),
    (Agency.SILENT, Said.PARTLY): Outcome(A.AGENCY_SILENT, W.PATIENT_FOUND_IT),
    (Agency.SILENT, Said.NOT): Outcome(A.AGREED_NO, W.PATIENT_COULD_NOT),
    (Agency.SILENT, Said.NOTHING): Outcome(A.UNCONFIRMED),
    (Agency.SILENT, Said.NOT_NEEDED): Outcome(A.NOT_NEEDED, W.PATIENT_NOT_NEEDED),
    (Agency.OPEN, Said.HELPED): Outcome(A.OPEN, ask_need=Ask.DAY_30),
    (Agency.OPEN, Said.PARTLY): Outcome(A.OPEN),
    (Agency.OPEN, Said.NOT): Outcome(A.OPEN, W.PATIENT_COULD_NOT, By.NEXT_BUSINESS_DAY),
    (Agency.OPEN, Said.NOTHING): Outcome(A.OPEN),
    (Agency.OPEN, Said.NOT_NEEDED): Outcome(A.OPEN, W.PATIENT_NOT_NEEDED),
}


def said(word: PatientWord | None) -> Said:
    """The column of a patient's word; a word that says nothing about help counts as none."""
    return SAID.get(word, Said.NOTHING) if word is not None else Said.NOTHING


def outcome(state: ReferralState, word: PatientWord | None) -> Outcome:
    """What the two words mean together."""
    return TABLE[AGENCY.get(state, Agency.OPEN), said(word)]
