"""Never an empty page: when too few listings answer, the question is widened step by step, and each step is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from search.answer import Relax, Relaxed
from search.lexicon import related_needs
from search.question import Question
from search.snapshot import Mask

ENOUGH = 3
_WIDER = 2.5
_WIDEST_M = 160_934.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question made easier, and what was given up for it."""

    question: Question
    near_needs: bool = False
    some_words: bool = False
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Rescued:
    attempt: Attempt
    found: Mask
    steps: tuple[Relaxed, ...]


def widen(question: Question, found: Mask, find: Callable[[Attempt], Mask]) -> Rescued:
    """Takes the steps that bring something, in the order that gives up least, until there is enough."""
    attempt = Attempt(question)
    taken: list[Relaxed] = []
    for step, easier in _steps(attempt):
        if found.sum() >= ENOUGH:
            break
        tried = easier(attempt)
        wider = find(tried)
        if wider.sum() > found.sum():
            attempt, found = tried, wider
            taken = [*(told for told in taken if told.step is not step), _tell(step, tried)]
    return Rescued(attempt, found, tuple(taken))


def near_needs(question: Question) -> tuple[str, ...]:
    """Needs nearest to those asked for, without them."""
    near = dict.fromkeys(other for need in question.needs for other in related_needs().get(need, ()))
    return tuple(need for need in near if need not in question.needs)


def _steps(first: Attempt) -> Iterator[tuple[Relax, Callable[[Attempt], Attempt]]]:
    question = first.question
    if question.no_papers:
        yield Relax.WITHOUT_PAPERS, lambda a: _ask(a, no_papers=False)
    if question.has_room:
        yield Relax.WITHOUT_ROOM, lambda a: _ask(a, has_room=False)
    if question.open_when:
        yield Relax.WITHOUT_OPEN, lambda a: replace(a, question=replace(a.question, open_when=None))
    if question.language:
        yield Relax.WITHOUT_LANGUAGE, lambda a: replace(a, question=replace(a.question, language=""))
    if question.place:
        radius = question.radius_m
        while radius < _WIDEST_M:
            radius = min(radius * _WIDER, _WIDEST_M)
            yield Relax.WIDER, _with_radius(radius)
        yield Relax.ANYWHERE, lambda a: replace(a, anywhere=True)
    if question.words and not question.needs:
        yield Relax.SOME_WORDS, lambda a: replace(a, some_words=True)
    if question.needs:
        yield Relax.NEAR_NEEDS, lambda a: replace(a, near_needs=True)


def _ask(attempt: Attempt, *, no_papers: bool | None = None, has_room: bool | None = None) -> Attempt:
    question = attempt.question
    kept = replace(
        question,
        no_papers=question.no_papers if no_papers is None else no_papers,
        has_room=question.has_room if has_room is None else has_room,
    )
    return replace(attempt, question=kept)


def _with_radius(radius: float) -> Callable[[Attempt], Attempt]:
    return lambda attempt: replace(attempt, question=replace(attempt.question, radius_m=radius))


def _tell(step: Relax, attempt: Attempt) -> Relaxed:
    if step is Relax.WIDER:
        return Relaxed(step, {"radius_m": attempt.question.radius_m})
    if step is Relax.NEAR_NEEDS:
        return Relaxed(step, {"needs": " ".join(near_needs(attempt.question))})
    return Relaxed(step)
