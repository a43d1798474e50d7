"""What a consent for substance use treatment must name before anything leaves, and which notice goes with it. Pure.

Source of the rules: 42 CFR 2.31 (elements of a written consent) and 2.32 (notice with each disclosure).
"""

from __future__ import annotations

from enum import StrEnum, unique
from typing import TYPE_CHECKING, Protocol

from resources_db.vocab import ConsentMethod, ConsentScope

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

FLAG = "part2"
NEEDS = frozenset(
    {
        *("detox", "residential_treatment", "outpatient_substance_use", "opioid_medication"),
        *("harm_reduction", "recovery_groups", "sober_living"),
    }
)
"""Needs whose programs may fall under 42 CFR Part 2: a general consent never suffices for them."""
SIGNED = frozenset({ConsentMethod.PAPER_SCAN, ConsentMethod.E_SIGN})
NOTICE = "42cfr2.32-2026-11"
"""Version of the notice that goes with each disclosure; stored beside what was disclosed."""


@unique
class Told(StrEnum):
    """What the person was told before signing."""

    MAY_REVOKE = "may_revoke"
    IF_REFUSED = "if_refused"
    MAY_BE_PASSED_ON = "may_be_passed_on"


@unique
class Element(StrEnum):
    """One thing a written consent must hold; the values are names of fields of the form."""

    DISCLOSER = "discloser"
    WHAT = "fields"
    RECIPIENT = "recipients"
    PURPOSE = "purpose"
    EXPIRY = "expires_at"
    SIGNATURE = "method"
    SIGNED_ON = "signed_on"
    TOLD = "told"


class Agreed(Protocol):
    """A consent, stored or about to be."""

    @property
    def discloser(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def signed_on(self) -> date | None: ...
    @property
    def told(self) -> Collection[str]: ...
    @property
    def method(self) -> ConsentMethod: ...
    @property
    def scope(self) -> ConsentScope: ...
    @property
    def expires_at(self) -> datetime | None: ...


def missing(agreed: Agreed, *, fields: Collection[str], names_recipient: bool = True) -> tuple[Element, ...]:
    """The elements that are not there; with one missing nothing may be sent. Empty: the consent is whole."""
    must_tell = {Told.MAY_REVOKE}
    if agreed.scope is ConsentScope.OPERATIONS:
        must_tell |= {Told.IF_REFUSED, Told.MAY_BE_PASSED_ON}
    there = {
        Element.DISCLOSER: bool(agreed.discloser.strip()),
        Element.WHAT: bool(fields),
        Element.RECIPIENT: names_recipient,
        Element.PURPOSE: bool(agreed.purpose.strip()),
        Element.EXPIRY: agreed.expires_at is not None,
        Element.SIGNATURE: agreed.method in SIGNED,
        Element.SIGNED_ON: agreed.signed_on is not None,
        Element.TOLD: must_tell <= set(agreed.told),
    }
    return tuple(element for element in Element if not there[element])
