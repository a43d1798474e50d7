"""Which question comes next, what an answer means, what may be written of it. Pure rules over one set of questions.

An answer is a list of FHIR answers (`{"valueCoding": {...}}` and so on), kept as it was given; an empty list is a
question that was passed over. A positive answer and "do you want help with this?" are two things, asked apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from messaging import opt_out
from referrals.errors import BadInputError
from referrals.instruments import Condition, Kind, Operator, Question
from resources_db.vocab import HelpWanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from referrals.instruments import Choice, Instrument, JsonDict, Lead, Result

MOST_WORDS = 1_000
LARGEST = 1_000_000
Answer: TypeAlias = "Sequence[JsonDict]"
Answers: TypeAlias = "Mapping[str, Answer]"
Wishes: TypeAlias = "Mapping[str, HelpWanted]"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody pressed or typed. `skipped` is a right: nobody has to answer."""

    codes: tuple[str, ...] = ()
    words: str = ""
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One page: the question, or the wish for help with what it found. `number` of `of` counts answerable questions."""

    question: Question
    number: int
    of: int
    help: bool = False


def read(question: Question, given: Given) -> list[JsonDict]:
    """The answer as it is stored; raises BadInputError on field "answer" when it does not fit the question."""
    if given.skipped:
        return []
    words = given.words.strip()
    if len(words) > MOST_WORDS:
        raise BadInputError("answer", "too_long")
    if question.kind is Kind.STRING:
        return [{"valueString": words}] if words else []
    if question.kind is Kind.INTEGER:
        return [{"valueInteger": _number(words)}]
    if question.kind is Kind.BOOLEAN:
        return [{"valueBoolean": _boolean(given.codes)}]
    return _chosen(question, given.codes, words)


def chosen(question: Question, answer: Answer) -> tuple[Choice, ...]:
    """The choices that an answer names."""
    codes = set(codes_of(answer))
    return tuple(one for one in question.choices if one.code in codes)


def codes_of(answer: Answer) -> tuple[str, ...]:
    """The codes of an answer; yes and no are `true` and `false`."""
    found = []
    for one in answer:
        if "valueCoding" in one:
            found.append(str(cast("JsonDict", one["valueCoding"]).get("code", "")))
        elif "valueBoolean" in one:
            found.append("true" if one["valueBoolean"] else "false")
    return tuple(found)


def words_of(answer: Answer) -> str:
    """What was typed, if anything."""
    return next((str(one["valueString"]) for one in answer if "valueString" in one), "")


def leads(question: Question, answer: Answer) -> tuple[Lead, ...]:
    """What the answer points at; none for an answer that is not positive."""
    return tuple(one.lead for one in chosen(question, answer) if one.lead is not None)


def is_danger(question: Question, answer: Answer) -> bool:
    """Whether somebody must look today: the answer says so, or the words sound so."""
    words = words_of(answer)
    return any(one.danger for one in leads(question, answer)) or bool(words and opt_out.read(words).danger)


def asks_help(question: Question, answer: Answer) -> bool:
    """Whether the wish for help is asked: after each positive answer, except the one that is a wish itself."""
    return any(one.subneed for one in leads(question, answer))


def enabled(instrument: Instrument, answers: Answers) -> list[Question]:
    """The questions that are asked after these answers, in order; notes are among them."""
    found: list[Question] = []
    for question in instrument.questions:
        hits = [_holds(one, answers, found) for one in question.when]
        if not hits or (any(hits) if question.any_of else all(hits)):
            found.append(question)
    return found


def next_step(instrument: Instrument, answers: Answers, wishes: Wishes) -> Step | None:
    """The first thing that is still to ask; None when everything was."""
    asked = [one for one in enabled(instrument, answers) if one.is_asked]
    for number, question in enumerate(asked, 1):
        if question.id not in answers:
            return Step(question, number, len(asked))
        if asks_help(question, answers[question.id]) and question.id not in wishes:
            return Step(question, number, len(asked), help=True)
    return None


def step_of(instrument: Instrument, question_id: str, answers: Answers) -> Step | None:
    """The page of one question, to go back to; None when it is not asked."""
    asked = [one for one in enabled(instrument, answers) if one.is_asked]
    return next((Step(one, number, len(asked)) for number, one in enumerate(asked, 1) if one.id == question_id), None)


def before(instrument: Instrument, question_id: str, answers: Answers) -> Question | None:
    """The question before this one; None at the first."""
    asked = [one for one in enabled(instrument, answers) if one.is_asked]
    place = next((number for number, one in enumerate(asked) if one.id == question_id), 0)
    return asked[place - 1] if place else None


def same_wish(instrument: Instrument, question: Question, answers: Answers, wishes: Wishes) -> HelpWanted | None:
    """What was said about help with the same need at another question, so that nobody is asked twice."""
    mine = {one.subneed for one in leads(question, answers.get(question.id, ())) if one.subneed}
    for other in instrument.questions:
        if other.id != question.id and other.id in wishes:
            theirs = {one.subneed for one in leads(other, answers.get(other.id, ()))}
            if mine and mine <= theirs:
                return wishes[other.id]
    return None


def result(instrument: Instrument, answers: Answers) -> Result | None:
    """The coded result of a set that is positive. Nothing is said of one that is not: absence of a flag only."""
    if instrument.result is None:
        return None
    positive = any(leads(one, answers.get(one.id, ())) for one in instrument.questions)
    return instrument.result if positive else None


def _chosen(question: Question, codes: tuple[str, ...], words: str) -> list[JsonDict]:
    known = {one.code: one for one in question.choices}
    if any(code not in known for code in codes) or (len(codes) > 1 and not question.several):
        raise BadInputError("answer", "not_a_choice")
    answer: list[JsonDict] = [
        {"valueCoding": {"system": one.system, "code": one.code, "display": str(one.words)}}
        for one in question.choices
        if one.code in codes
    ]
    if words and question.kind is Kind.OPEN_CHOICE:
        answer.append({"valueString": words})
    if not answer:
        raise BadInputError("answer", "missing")
    return answer


def _boolean(codes: tuple[str, ...]) -> bool:
    if codes not in {("true",), ("false",)}:
        raise BadInputError("answer", "missing")
    return codes == ("true",)


def _number(words: str) -> int:
    try:
        number = int(words) if words.isascii() else int(words.strip())
    except ValueError:
        raise BadInputError("answer", "not_a_number") from None
    if abs(number) > LARGEST:
        raise BadInputError("answer", "not_a_number")
    return number


def _holds(condition: Condition, answers: Answers, asked: Sequence[Question]) -> bool:
    """Whether an earlier answer is as the condition says; an answer to a question no longer asked counts as none."""
    answer = answers.get(condition.question, ()) if any(one.id == condition.question for one in asked) else ()
    if condition.operator is Operator.EXISTS:
        return bool(answer) is bool(condition.value)
    return any(_compares(condition, one) for one in answer)


def _compares(condition: Condition, one: JsonDict) -> bool:
    value = _plain(one)
    wanted = condition.value
    if condition.operator is Operator.IS:
        return value == wanted
    if condition.operator is Operator.IS_NOT:
        return value != wanted
    if isinstance(value, bool) or not isinstance(value, int) or not isinstance(wanted, int):
        return False
    return {
        Operator.MORE: value > wanted,
        Operator.LESS: value < wanted,
        Operator.AT_LEAST: value >= wanted,
        Operator.AT_MOST: value <= wanted,
    }[condition.operator]


def _plain(one: JsonDict) -> object:
    if "valueCoding" in one:
        return cast("JsonDict", one["valueCoding"]).get("code")
    return next(iter(one.values()), None)
