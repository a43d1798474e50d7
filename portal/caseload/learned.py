"""What a navigator can write down about a referral: one list of answers, in groups, each one press. Words only.

An answer's value is "state", "state:reason", "patient:word" or "found:helped"; `read` turns it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal.caseload import reason_words
from referrals import heard, lifecycle, reasons
from referrals.lifecycle import RefusalCode
from referrals.outcomes import Agreement
from resources_db.vocab import PatientWord, Reason, ReferralState, Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from i18n.lazy import LazyText
    from referrals.record import Attempt

S, P = ReferralState, PatientWord
PATIENT, FOUND = "patient", heard.FOUND
MOST_KEYS = 9

REFUSED: dict[RefusalCode, LazyText] = {
    RefusalCode.ENDED: lazy("This referral has ended. Send a new one instead."),
    RefusalCode.NO_SUCH_MOVE: lazy("This step is not possible from where the referral is now."),
    RefusalCode.NOT_YOURS: lazy("Only the agency can say this."),
    RefusalCode.REASON_MISSING: lazy("Choose a reason."),
    RefusalCode.REASON_WRONG: lazy("This reason does not go with this answer. Choose another one."),
    RefusalCode.TEXT_MISSING: lazy("Write a few words about the reason."),
    RefusalCode.SAID_BY_MISSING: lazy("Write who at the agency said it, such as “phone: Denise”."),
    RefusalCode.DATE_MISSING: lazy("Type the date as year-month-day."),
    RefusalCode.STATUS_WRONG: lazy("This step is not possible from where the referral is now."),
    RefusalCode.BACKWARD_ATTEMPT: lazy("A later try is written down already."),
    RefusalCode.TOO_FEW_ATTEMPTS: lazy(
        "Could not reach needs three tries over five work days, or over one when it is urgent."
    ),
}
FIELD_OF = {
    RefusalCode.TEXT_MISSING: "text",
    RefusalCode.SAID_BY_MISSING: "said_by",
    RefusalCode.DATE_MISSING: "next_on",
}
LEARNED: dict[ReferralState, LazyText] = {
    S.SERVED: lazy("The patient got help there"),
    S.PARTLY_SERVED: lazy("The patient got part of it"),
    S.ACCEPTED: lazy("The agency says yes"),
    S.SCHEDULED: lazy("There is a date"),
    S.RECEIVING: lazy("Help has begun"),
    S.CONTACTING: lazy("The agency tries to reach the patient"),
    S.MISSED: lazy("The patient missed the date"),
    S.NEEDS_CLIENT: lazy("The agency needs papers"),
    S.DECLINED: lazy("The agency says no"),
    S.NOT_SERVED: lazy("The agency cannot help after all"),
    S.WAITLISTED: lazy("The patient is on a waitlist"),
    S.WITHDRAWN: lazy("We stop this referral"),
}
BECAUSE: dict[ReferralState, LazyText] = {
    S.DECLINED: lazy("The agency says no, because"),
    S.NOT_SERVED: lazy("The agency cannot help after all, because"),
    S.WAITLISTED: lazy("The patient is on a waitlist, because"),
    S.WITHDRAWN: lazy("We stop this referral, because"),
}
SAYS = (P.GOT_HELP, P.PARTLY, P.NOT_YET, P.COULD_NOT, P.NOT_NEEDED)
FOUND_WORDS = {heard.HELPED: lazy("Help came"), heard.NOT_HELPED: lazy("Help did not come")}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; `key` is pressed to choose it."""

    value: str
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one kind; `folded` ones are rare."""

    title: str
    options: tuple[Option, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """What was chosen: a state with its reason, a word of the patient, or what the care team found."""

    to: ReferralState | None = None
    reason: Reason | None = None
    word: PatientWord | None = None
    found: str = ""


def read(value: str, reason: str = "") -> Picked | None:
    """The answer a form names; None for one that does not exist."""
    kind, _colon, more = value.partition(":")
    if kind == PATIENT:
        return Picked(word=P(more)) if more in set(SAYS) else None
    if kind == FOUND:
        return Picked(found=more) if more in FOUND_WORDS else None
    given = more or reason
    if kind not in set(LEARNED):
        return None
    return Picked(to=S(kind), reason=Reason(given) if given in set(Reason) else None)


def groups(attempt: Attempt) -> list[Group]:
    """Everything that can be written down about this referral now, what closes it first."""
    state = attempt.referral.state
    possible = [to for to in LEARNED if to in lifecycle.next_moves(state, Side.NAVIGATOR)]
    if state is S.SCHEDULED:
        possible.append(S.SCHEDULED)  # the date has changed
    plain = [Option(to.value, str(LEARNED[to])) for to in possible if to not in BECAUSE]
    found = [Group(_("The agency says"), tuple(plain))] if plain else []
    found += [_because(to) for to in BECAUSE if to in possible]
    if state not in {S.DRAFT, S.ERROR, S.WITHDRAWN}:
        told = tuple(Option(f"{PATIENT}:{word.value}", f"“{reason_words.word(word)}”") for word in SAYS)
        found.insert(1 if plain else 0, Group(_("The patient says"), told))
    if attempt.outcome.agreement is Agreement.DISAGREE:
        settled = tuple(Option(f"{FOUND}:{code}", str(words)) for code, words in FOUND_WORDS.items())
        found.insert(0, Group(_("They disagree. What did you find out?"), settled))
    return list(_with_keys(found))


def _because(to: ReferralState) -> Group:
    codes = reasons.allowed(to, Side.NAVIGATOR)
    options = tuple(Option(f"{to.value}:{code.value}", _big(reason_words.agency(code))) for code in codes)
    return Group(str(BECAUSE[to]), options, folded=to is S.WITHDRAWN)


def _with_keys(found: list[Group]) -> Iterator[Group]:
    """Numbers for the first group's answers, then one for the beginning of each group: arrows go on from there."""
    number = 0
    for place, group in enumerate(found):
        options = []
        for row, option in enumerate(group.options):
            wants = number < MOST_KEYS and not group.folded and (place == 0 or row == 0)
            number += wants
            options.append(Option(option.value, option.label, str(number) if wants else ""))
        yield Group(group.title, tuple(options), group.folded)


def _big(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
