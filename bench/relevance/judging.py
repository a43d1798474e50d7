"""Judges one answer: is the first hit what was meant, was the need understood, does a planted listing stand on top?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.relevance.directory import Directory, Truth
from bench.relevance.questions import Question
from search.answer import SearchAnswer

_TOP = 3
# Who asks for these is never wrong to be shown whom to call at once.
_GRAVE = frozenset({"dv_safety", "crisis_support", "emergency_shelter", "detox", "harm_reduction"})
Told = Callable[["Verdict"], bool | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """None means that the question does not ask for this."""

    question: Question
    read: tuple[str, ...]
    chips: tuple[str, ...]
    top: tuple[str, ...]
    first_right: bool
    understood: bool
    near_miss: bool
    no_hit: bool | None
    empty: bool
    constraints: bool | None
    urgent: bool | None
    false_alarm: bool

    @property
    def failed(self) -> bool:
        good = self.first_right and self.understood and self.constraints is not False and self.urgent is not False
        return not good or self.near_miss or self.false_alarm or bool(self.no_hit) or self.empty


def judge(directory: Directory, question: Question) -> Verdict:
    answer = directory.ask(question.criteria)
    top = [directory.truths[hit.key] for hit in answer.hits[:_TOP]]
    return Verdict(
        question=question,
        read=tuple(f"{item.need} {item.confidence:.2f}" for item in answer.understood),
        chips=(*(f"{item.field}:{item.value}" for item in answer.constraints), *answer.urgent),
        top=tuple(truth.id for truth in top),
        first_right=bool(top) and _is_right(question, top[0]),
        understood=_understood(question, [item.need for item in answer.understood]),
        near_miss=any(_misses(question, truth) for truth in top),
        no_hit=None if question.never else not answer.hits,
        empty=not answer.hits and not answer.browse,
        constraints=_constraints(question, answer) if question.has else None,
        urgent=question.urgent in answer.urgent if question.urgent else None,
        false_alarm=bool(answer.urgent) and not question.urgent and not _GRAVE & question.expects,
    )


def judge_all(directory: Directory, questions: Iterable[Question]) -> list[Verdict]:
    return [judge(directory, question) for question in questions]


def share(verdicts: Sequence[Verdict], told: Told) -> float | None:
    """How many in a hundred, of those that say anything."""
    said = [bool(value) for verdict in verdicts if (value := told(verdict)) is not None]
    return 100 * sum(said) / len(said) if said else None


def _is_right(question: Question, truth: Truth) -> bool:
    return f"@{truth.id}" in question.expects or bool(truth.needs & question.expects)


def _misses(question: Question, truth: Truth) -> bool:
    """Words without the need; and, where the words mean something else, the need they seem to mean."""
    if question.never:
        return bool(truth.needs & question.never)
    return truth.planted and not _is_right(question, truth)


def _understood(question: Question, read: Sequence[str]) -> bool:
    if question.never:
        return not question.never & set(read)
    if question.needs:
        return question.needs <= set(read)
    return bool(read) and read[0] in question.expects


def _constraints(question: Question, answer: SearchAnswer) -> bool:
    said = {item.field: item.value.casefold() for item in answer.constraints}
    wanted = (one.casefold().partition(":") for one in question.has)
    return all(field in said and said[field].startswith(value) for field, _, value in wanted)
