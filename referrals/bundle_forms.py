"""What a bundle is: its needs, what their places must be, when we ask; and the samples every organization has. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from referrals import consent, needs
from resources_db import needs as catalog

MOST_NEEDS = 8
LONGEST_NAME = 60
FILTERS = ("free", "has_room", "no_papers", "by_phone", "wheelchair", "open_today", "open_weekend")
"""What the places of a need may have to be; the edge makes a search of it."""
CHECK_INS = ("2bd", "3d", "7d", "14d", "21d", "30d", "60d", "90d")
"""When the patient may be asked: so many business days or days after the send, or after the way home."""
OFFERED = tuple(one for one in catalog.NEEDS if one not in needs.SAFETY | consent.PART2_NEEDS)
"""Needs of a bundle. Safety needs are never sent, and Part 2 needs a consent of its own that names the program."""


@dataclass(frozen=True, slots=True)
class Item:
    """One need of a bundle, with the filters of its places."""

    subneed: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What a person says a bundle is. No check-ins: the usual questions of day 3 and day 10 are asked."""

    name: str
    items: tuple[Item, ...]
    check_ins: tuple[str, ...] = ()
    discharge: bool = False


DISCHARGE = "discharge"
SHIPPED: Mapping[str, Form] = MappingProxyType(
    {
        "new_baby": Form("", (Item("wic"), Item("diapers"), Item("infant_formula"), Item("child_care"))),
        "eviction": Form(
            "", (Item("tenant_legal"), Item("rent_help"), Item("emergency_funds"), Item("affordable_housing"))
        ),
        "lives_alone": Form(
            "", (Item("social_connection"), Item("home_delivered_meals"), Item("senior_ride"), Item("phone_internet"))
        ),
        "new_in_town": Form("", (Item("food_pantry"), Item("bus_pass"), Item("primary_care"), Item("adult_education"))),
        # Rides home, meals for two weeks, medicines, a safe home, a phone (referrals design, section 8).
        DISCHARGE: Form(
            "",
            (
                Item("medical_ride"),
                Item("home_delivered_meals"),
                Item("prescription_help"),
                Item("home_repair"),
                Item("phone_internet"),
            ),
            check_ins=("2bd", "7d", "14d", "30d"),
            discharge=True,
        ),
    }
)
"""The samples every organization starts with, by their codes."""
