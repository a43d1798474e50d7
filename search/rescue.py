"""Never an empty page: when too few listings answer, the question is widened step by step, and each step is told."""

from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypedDict, TypeVar, Unpack

from search.answer import Fact, Relax, Relaxed
from search.criteria import Cost
from search.lexicon import related_needs
from search.question import Question

Found = TypeVar("Found", bound=Sized)  # whatever is counted: how it was found is not our concern

ENOUGH = 3
_WIDER = 2.5
_FEW = 2
_WIDEST_M = 160_934.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question made easier, and what was given up for it."""

    question: Question
    near_needs: bool = False
    some_words: bool = False
    anywhere: bool = False


Step: TypeAlias = tuple[Relax, Callable[[Attempt], Attempt]]


@dataclass(frozen=True, slots=True)
class Rescued(Generic[Found]):
    attempt: Attempt
    found: Found
    steps: tuple[Relaxed, ...]


def widen(question: Question, found: Found, find: Callable[[Attempt], Found]) -> Rescued[Found]:
    """Takes the steps that bring something, in the order that gives up least, until there is enough."""
    rescued = _one_by_one(Rescued(Attempt(question), found, ()), find)
    if len(rescued.found):
        return rescued
    return _one_by_one(_together(rescued, find), find)


def _one_by_one(start: Rescued[Found], find: Callable[[Attempt], Found]) -> Rescued[Found]:
    attempt, found = start.attempt, start.found
    brought = {told.step: told for told in start.steps}
    for step, easier in _steps(attempt):
        had = len(found)
        if had >= ENOUGH:
            break
        tried = easier(attempt)
        wider = find(tried)
        if (added := len(wider) - had) > 0:
            attempt, found = tried, wider
            before = brought.pop(step, None)  # a circle widened again is told once, as it is in the end
            brought[step] = _tell(step, tried, added + (int(str(before.facts["added"])) if before else 0))
    return Rescued(attempt, found, tuple(brought.values()))


def _together(start: Rescued[Found], find: Callable[[Attempt], Found]) -> Rescued[Found]:
    """Where no single step brings anything: as many as it takes, then those given back that were not needed."""
    taken: list[Step] = []
    found = start.found
    for one in _steps(start.attempt):
        taken = [*(other for other in taken if other[0] is not one[0]), one]
        found = find(_after(start.attempt, taken))
        if len(found):
            break
    else:
        return start
    for one in reversed(taken[:-1]):
        fewer = [other for other in taken if other is not one]
        less = find(_after(start.attempt, fewer))
        if len(less):
            taken, found = fewer, less
    attempt = _after(start.attempt, taken)
    return Rescued(attempt, found, tuple(_tell(step, attempt, len(found)) for step, _ in taken))


def _after(attempt: Attempt, steps: Iterable[Step]) -> Attempt:
    for _, easier in steps:
        attempt = easier(attempt)
    return attempt


def near_needs(question: Question) -> tuple[str, ...]:
    """Needs nearest to those asked for, without them."""
    near = dict.fromkeys(other for need in question.needs for other in related_needs().get(need, ()))
    return tuple(need for need in near if need not in question.needs)


def _steps(first: Attempt) -> Iterator[Step]:
    yield from _without_filters(first.question)
    if first.question.place:
        radius = first.question.radius_m
        while radius < _WIDEST_M:
            radius = min(radius * _WIDER, _WIDEST_M)
            yield Relax.WIDER, _asking(radius_m=radius)
        yield Relax.ANYWHERE, lambda a: replace(a, anywhere=True)
    if _some_words_say_enough(first.question):
        yield Relax.SOME_WORDS, lambda a: replace(a, some_words=True)
    if first.question.needs:
        yield Relax.NEAR_NEEDS, lambda a: replace(a, near_needs=True)


def _some_words_say_enough(asked: Question) -> bool:
    """Half of "coat of paint" finds coats: of words that only sound like a need, one of two is none of it."""
    return bool(asked.words) and not asked.needs and not (asked.only_sounds and len(asked.words) <= _FEW)


def _without_filters(asked: Question) -> Iterator[Step]:
    """What a call can clear up goes first; what a person cannot do without (money, a way there, words) goes last."""
    if asked.checked:
        yield Relax.WITHOUT_CHECKED, _asking(checked=0)
    if asked.no_papers:
        yield Relax.WITHOUT_PAPERS, _asking(no_papers=False)
    if asked.has_room:
        yield Relax.WITHOUT_ROOM, _asking(has_room=False)
    if asked.open_when or asked.open_at:
        yield Relax.WITHOUT_OPEN, _asking(open_when=None, open_at=None)
    if asked.cost:
        yield Relax.WITHOUT_COST, _asking(cost=())
    if asked.by_phone:
        yield Relax.WITHOUT_PHONE, _asking(by_phone=False)
    if asked.wheelchair:
        yield Relax.WITHOUT_WHEELCHAIR, _asking(wheelchair=False)
    if asked.language:
        yield Relax.WITHOUT_LANGUAGE, _asking(language="")
    if asked.who:
        yield Relax.WITHOUT_WHO, _asking(who=None)


class _Changes(TypedDict, total=False):
    """Parts of a question that a step may change."""

    checked: int
    no_papers: bool
    has_room: bool
    open_when: None
    open_at: None
    cost: tuple[Cost, ...]
    by_phone: bool
    wheelchair: bool
    who: None
    language: str
    radius_m: float


def _asking(**changes: Unpack[_Changes]) -> Callable[[Attempt], Attempt]:
    return lambda attempt: replace(attempt, question=replace(attempt.question, **changes))


def _tell(step: Relax, attempt: Attempt, added: int) -> Relaxed:
    facts: dict[str, Fact] = {"added": added}
    if step is Relax.WIDER:
        facts["radius_m"] = attempt.question.radius_m
    elif step is Relax.NEAR_NEEDS:
        facts["needs"] = " ".join(near_needs(attempt.question))
    return Relaxed(step, facts)
