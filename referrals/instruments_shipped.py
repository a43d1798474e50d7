"""The sets of questions that come with Handrail: our own plain check, and the two food items of LOINC 88121-9.

AHC and PRAPARE texts are not ours to ship: a site with the licence brings them as a FHIR Questionnaire.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from i18n.catalog import patient
from referrals.instruments import LOINC, Choice, Instrument, Kind, Lead, Question, Result, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

P = patient.lazy_gettext
NEEDS_CHECK, FOOD_ITEMS = "handrail-needs-check", "food-items"
# Translators: An answer to a question about daily life. Simple words, as one speaks.
YES, NO = P("Yes"), P("No")


def _choice(code: str, words: LazyText, lead: Lead | None = None) -> Choice:
    return Choice(code, Words(words), lead=lead)


def _yes_no(question: str, words: LazyText, lead: Lead) -> Question:
    return Question(question, Words(words), choices=(_choice("yes", YES, lead), _choice("no", NO)))


_FOOD = Lead("food_pantry", ("Z59.41",))
_BILLS = Lead("energy_bill", ("Z59.861",))
_ALONE = Lead("social_connection", ("Z60.2", "Z60.4"))
_MONEY = Lead("emergency_funds", ("Z59.869",))

_CHECK = (
    # Translators: Question to a patient about daily life; ask it as one would ask a neighbor.
    _yes_no("food", P("In the last month, did you run out of food, or fear that you would?"), _FOOD),
    Question(
        "home",
        # Translators: Question to a patient about daily life.
        Words(P("Do you have a place to live?")),
        choices=(
            # Translators: Answer to "Do you have a place to live?"
            _choice("stay", P("Yes, and I can stay")),
            # Translators: Answer to "Do you have a place to live?"
            _choice("at_risk", P("Yes, but I may lose it"), Lead("rent_help", ("Z59.811",))),
            # Translators: Answer to "Do you have a place to live?"
            _choice("none", P("No"), Lead("emergency_shelter", ("Z59.00", "Z59.01", "Z59.02"), urgent=True)),
        ),
    ),
    Question(
        "repairs",
        # Translators: Question to a patient about daily life.
        Words(P("Is something in your home broken or not safe?")),
        choices=(
            # Translators: Answer to "Is something in your home broken or not safe?"
            _choice("heat", P("Yes, it gets too hot or too cold"), Lead("home_repair", ("Z59.11",))),
            # Translators: Answer to "Is something in your home broken or not safe?"
            _choice("other", P("Yes, such as bugs, mold or leaks"), Lead("home_repair", ("Z59.19",))),
            _choice("no", NO),
        ),
    ),
    Question(
        "utilities",
        # Translators: Question to a patient about daily life: gas for heating and cooking.
        Words(P("Can you pay for power, gas and water?")),
        choices=(
            # Translators: Answer to "Can you pay for power, gas and water?"
            _choice("can", P("Yes, I can pay")),
            # Translators: Answer to "Can you pay for power, gas and water?"
            _choice("notice", P("It is hard, or I got a shut-off notice"), _BILLS),
            # Translators: Answer to "Can you pay for power, gas and water?"
            _choice("off", P("Something is shut off now"), Lead("energy_bill", ("Z59.12",), urgent=True)),
        ),
    ),
    _yes_no(
        "rides",
        # Translators: Question to a patient about daily life.
        P("Is it hard to get a ride to the doctor, the store or work?"),
        Lead("medical_ride", ("Z59.82",)),
    ),
    Question(
        "money",
        # Translators: Question to a patient about daily life.
        Words(P("How hard is it to pay for things you need each month?")),
        choices=(
            # Translators: Answer to "How hard is it to pay for things you need each month?"
            _choice("not_hard", P("Not hard")),
            # Translators: Answer to "How hard is it to pay for things you need each month?"
            _choice("hard", P("A little hard"), _MONEY),
            # Translators: Answer to "How hard is it to pay for things you need each month?"
            _choice("very_hard", P("Very hard"), _MONEY),
        ),
    ),
    _yes_no(
        "care",
        # Translators: Question to a patient about daily life: going without a doctor or drugs because of the price.
        P("Did you skip a doctor or medicine this year because of the cost?"),
        Lead("prescription_help", ("Z59.868",)),
    ),
    # Translators: Question to a patient about daily life.
    _yes_no("work", P("Are you out of work and looking for a job?"), Lead("job_search", ("Z56.0",))),
    Question(
        "lonely",
        # Translators: Question to a patient about daily life.
        Words(P("How often do you feel lonely?")),
        choices=(
            # Translators: Answer to "How often do you feel lonely?"
            _choice("never", P("Never or not much")),
            # Translators: Answer to "How often do you feel lonely?"
            _choice("often", P("Often"), _ALONE),
            # Translators: Answer to "How often do you feel lonely?"
            _choice("always", P("All the time"), _ALONE),
        ),
    ),
    # Translators: Question to a patient. It must not say what kind of danger: somebody may look over the shoulder.
    _yes_no("talk", P("Would you like to talk with us alone about feeling safe?"), Lead(danger=True)),
    # Translators: Question to a patient, answered in own words.
    Question("words", Words(P("Is there something else you need help with?")), Kind.STRING),
)


def _published(english: str, spanish: str) -> Words:
    """A text that was tested as it stands: it is not ours to translate anew, so the catalogs do not hold it."""
    return Words(own={"en": english, "es": spanish})


_FOOD_ANSWERS = (
    Choice("LA28397-0", _published("Often true", "A menudo es cierto"), LOINC, _FOOD),
    Choice("LA6729-3", _published("Sometimes true", "A veces es cierto"), LOINC, _FOOD),
    Choice("LA28398-8", _published("Never true", "Nunca es cierto"), LOINC),
)
_WORRIED = _published(
    "Within the past 12 months we worried whether our food would run out before we got money to buy more.",
    "En los últimos 12 meses nos preocupaba que la comida se acabara antes de tener dinero para comprar más.",
)
_DID_NOT_LAST = _published(
    "Within the past 12 months the food we bought just didn't last and we didn't have money to get more.",
    "En los últimos 12 meses la comida que compramos no duró y no teníamos dinero para comprar más.",
)

SHIPPED: Mapping[str, Instrument] = MappingProxyType(
    {
        NEEDS_CHECK: Instrument(
            id=NEEDS_CHECK,
            version="1",
            # Translators: Name of our own list of questions about daily life.
            title=Words(P("Handrail needs check")),
            questions=_CHECK,
            url="https://handrail.example/Questionnaire/needs-check",
            # Translators: Says that no study has tested our own list of questions.
            about=Words(P("Plain questions in our own words. This is not a validated instrument.")),
        ),
        FOOD_ITEMS: Instrument(
            id=FOOD_ITEMS,
            version="1",
            # Translators: Name of two questions about food (the Hunger Vital Sign).
            title=Words(P("Two questions about food")),
            questions=(
                Question(
                    "88122-7",
                    _WORRIED,
                    choices=_FOOD_ANSWERS,
                    code="88122-7",
                    system=LOINC,
                ),
                Question(
                    "88123-5",
                    _DID_NOT_LAST,
                    choices=_FOOD_ANSWERS,
                    code="88123-5",
                    system=LOINC,
                ),
            ),
            url="http://loinc.org/q/88121-9",
            credit="Hunger Vital Sign: Hager ER et al., Pediatrics 2010;126(1):e26-e32. LOINC 88121-9.",
            validated=True,
            result=Result("88124-3", "LA19952-3", "At risk"),
        ),
    }
)
"""By id, in the order they are offered."""
