"""Questions and answers as pages show them, and what a form says back. For staff and for patients alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import request

from i18n.catalog import patient as patient_words
from i18n.catalog import use_language
from referrals.instruments import Kind
from referrals.instruments_flow import Given, codes_of, words_of
from referrals.instruments_shipped import NO, YES
from resources_db.vocab import HelpWanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from referrals.instruments import Question
    from resources_db.base import JsonDict

P = patient_words.lazy_gettext
MOST_TYPED = 2_000
# Translators: Asked after an answer that shows a need, such as too little food.
HELP = P("Do you want help with this?")
# Translators: Answer to "Do you want help with this?" Nobody has to know yet.
WISHES = ((HelpWanted.YES, YES), (HelpWanted.NO, NO), (HelpWanted.UNKNOWN, P("I am not sure")))
PROBLEMS = {
    # Translators: Beside a question, when no answer was chosen or typed.
    "missing": P("Choose an answer, or skip the question."),
    # Translators: Beside a question, when the number does not make sense.
    "not_a_number": P("Type a number, such as 3."),
    # Translators: Beside a question, when too much was typed.
    "too_long": P("This is too long. Use fewer words."),
}


@dataclass(frozen=True, slots=True)
class ChoiceShown:
    """One answer to choose; `number` is what forms send and keys press."""

    number: int
    words: str
    lang: str
    chosen: bool
    positive: bool
    second: str
    """The same in the language of staff, where the question is read in another one."""


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question with its answers."""

    id: str
    words: str
    lang: str
    second: str
    heading: str
    kind: str
    several: bool
    choices: tuple[ChoiceShown, ...]
    typed: str
    skipped: bool


def question(
    asked: Question, answer: Sequence[JsonDict] | None, *, typed: Typed | None = None, staff: str = ""
) -> QuestionShown:
    """A question in the language of the moment, with the answer given before or typed just now.

    `staff`: the language to say everything in a second time, for the one who reads it aloud.
    """
    codes = typed.codes if typed else codes_of(answer or ())
    said = typed.words if typed else _said(answer or ())
    other = _second(asked, staff)
    return QuestionShown(
        id=asked.id,
        words=str(asked.words),
        lang=asked.words.spoken,
        second=other.get("", ""),
        heading=str(asked.heading or ""),
        kind=asked.kind.value,
        several=asked.several,
        choices=tuple(
            ChoiceShown(
                number=number,
                words=str(one.words),
                lang=one.words.spoken,
                chosen=one.code in codes or str(number) in codes,
                positive=one.lead is not None and bool(one.lead.subneed),
                second=other.get(one.code, ""),
            )
            for number, one in enumerate(asked.choices, 1)
        ),
        typed=said,
        skipped=answer is not None and not answer and typed is None,
    )


def wishes() -> list[tuple[str, str]]:
    """The answers to "do you want help with this?"."""
    return [(code.value, str(words)) for code, words in WISHES]


def problem(code: str) -> str:
    """What is wrong with an answer, in the language of the moment."""
    return str(PROBLEMS.get(code, PROBLEMS["missing"]))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form that was not taken held, to be shown again."""

    codes: tuple[str, ...]
    words: str


def typed() -> Typed | None:
    """What was typed in this request; None when nothing was."""
    if request.method != "POST":
        return None
    return Typed(tuple(request.form.getlist("choice")), request.form.get("words", "")[:MOST_TYPED])


def typed_at(place: int) -> Typed:
    """What was typed at one question of a page that holds all."""
    return Typed(tuple(request.form.getlist(f"q{place}-choice")), request.form.get(f"q{place}-words", "")[:MOST_TYPED])


def given(asked: Question, prefix: str = "") -> Given:
    """What a form says: numbers of choices, typed words, or that the question is passed over."""
    codes = tuple(_code(asked, number) for number in request.form.getlist(f"{prefix}choice"))
    words = request.form.get(f"{prefix}words", "")
    skipped = "skip" in request.form and not prefix
    return Given(codes, words, skipped=skipped or (asked.kind is Kind.STRING and not words.strip()))


def answer_words(asked: Question, answer: Sequence[JsonDict]) -> list[tuple[str, bool]]:
    """An answer as it was given, for staff: words in the reader's language; True marks what the person typed."""
    known = {one.code: str(one.words) for one in asked.choices}
    found = [(known.get(code) or _display(answer, code), False) for code in codes_of(answer)]
    found += [(str(one["valueInteger"]), False) for one in answer if "valueInteger" in one]
    return [*found, *([(words_of(answer), True)] if words_of(answer) else [])]


def _second(asked: Question, staff: str) -> Mapping[str, str]:
    """Question (under "") and choices (by code) in the language of staff; nothing where it is the same."""
    if not staff:
        return {}
    with use_language(staff):
        told = {"": str(asked.words), **{one.code: str(one.words) for one in asked.choices}}
    here = {"": str(asked.words), **{one.code: str(one.words) for one in asked.choices}}
    return {key: words for key, words in told.items() if words != here[key]}


def _code(asked: Question, number: str) -> str:
    """The code of a choice by its number; what is no number of one is left for the rules to refuse."""
    if number.isascii() and number.isdecimal() and 0 < int(number[:4]) <= len(asked.choices):
        return asked.choices[int(number[:4]) - 1].code
    return f"?{number[:20]}"


def _said(answer: Sequence[JsonDict]) -> str:
    number = next((str(one["valueInteger"]) for one in answer if "valueInteger" in one), "")
    return words_of(answer) or number


def _display(answer: Sequence[JsonDict], code: str) -> str:
    """The words an answer carries with its code, for one that left the set."""
    for one in answer:
        coding = one.get("valueCoding")
        if isinstance(coding, dict) and coding.get("code") == code:
            return str(cast("JsonDict", coding).get("display", code))
    return code
