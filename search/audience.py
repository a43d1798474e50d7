"""Whom a listing is meant for and whom it sends away, read from its own words and ages; silence shuts nobody out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from search.words import fold


class Group(StrEnum):
    """People that a question may ask for. Stored as bits: the order stays."""

    MEN = "men"
    WOMEN = "women"
    FAMILIES = "families"
    YOUTH = "youth"
    SENIORS = "seniors"
    VETERANS = "veterans"


GROUPS: tuple[Group, ...] = tuple(Group)
_YOUNG, _OLD = 24, 60  # the field's own limits: youth shelters take people to 24, senior programmes from 60 (or 55)
_LATEST_SENIOR_START = 50

_WORDS: Mapping[Group, re.Pattern[str]] = MappingProxyType(
    {
        Group.MEN: re.compile(r"\b(men|mens|males?|fathers?|dads|gentlemen|boys)\b"),
        Group.WOMEN: re.compile(r"\b(women|womens|females?|mothers?|moms|ladies|girls)\b"),
        Group.FAMILIES: re.compile(r"\b(famil(y|ies)|children|parents?|kids|mothers?|fathers?|moms|dads)\b"),
        Group.YOUTH: re.compile(r"\b(youth|teens?|teenagers?|adolescents?|young (adults?|people)|minors)\b"),
        Group.SENIORS: re.compile(
            r"\b(seniors?|elders?|elderly|older (adults?|people)|[56]\d\s?(\+|and (over|up|older)))"
        ),
        Group.VETERANS: re.compile(r"\b(veterans?|vets)\b"),
    }
)
_EVERYBODY = re.compile(
    r"\b(everyone|everybody|anyone|all (people|adults|genders|ages)|any gender|couples?|men and women|women and men|"
    r"families|all are welcome)\b"
)
_NO_CHILDREN = re.compile(r"\b(single (men|women|adults?)|adults only|no (children|kids|families))\b")
_GETS_IN = re.compile(r"\b(wheelchairs?|step.?free|no steps|ramps?|elevators?|lift|accessible|ada|barrier.?free)\b")
_DOES_NOT = re.compile(
    r"\b(not|no|without|never)\b(?! steps)[^.;,]*\b(wheelchairs?|ramps?|elevators?|lift|accessible|ada)\b"
)


@dataclass(frozen=True, slots=True)
class Audience:
    """`meant_for` is what a listing says of itself; `not_for` are those it surely sends away."""

    meant_for: frozenset[Group] = frozenset()
    not_for: frozenset[Group] = frozenset()


EVERYBODY = Audience()


def of(texts: Iterable[str], minimum_age: float | None = None, maximum_age: float | None = None) -> Audience:
    """`texts` are the name of the service, its description and who may go, in words; ages are in years.

    A house for men sends women and families away; one for women sends men away, and takes children only if it says so.
    """
    said = " . ".join(fold(text) for text in texts)
    named = {group for group, pattern in _WORDS.items() if pattern.search(said)}
    sent_away = _by_gender(said, named)
    if _NO_CHILDREN.search(said):
        sent_away.add(Group.FAMILIES)
        named.discard(Group.FAMILIES)
    if minimum_age is not None and minimum_age >= _LATEST_SENIOR_START:
        named.add(Group.SENIORS)
    if minimum_age is not None and minimum_age > _YOUNG:
        sent_away.add(Group.YOUTH)
    if maximum_age is not None and maximum_age <= _YOUNG:
        named.add(Group.YOUTH)
    if maximum_age is not None and maximum_age < _OLD:
        sent_away.add(Group.SENIORS)
    return Audience(frozenset(named - sent_away), frozenset(sent_away))


def _by_gender(said: str, named: set[Group]) -> set[Group]:
    if _EVERYBODY.search(said):
        return set()
    men, women = Group.MEN in named, Group.WOMEN in named
    if men and not women:
        return {Group.WOMEN} if Group.FAMILIES in named else {Group.WOMEN, Group.FAMILIES}
    return {Group.MEN} if women and not men else set()


def bit(group: Group) -> int:
    """The bit of a group in a column."""
    return 1 << GROUPS.index(group)


def bits(groups: Iterable[Group]) -> int:
    return sum(bit(group) for group in frozenset(groups))


def step_free(told: Iterable[str]) -> bool:
    """Some word about getting in says that a wheelchair can, and none says that it cannot."""
    said = [fold(text) for text in told]
    return any(_GETS_IN.search(text) for text in said) and not any(_DOES_NOT.search(text) for text in said)
