"""Which ICD-10-CM codes a need may suggest to a clinician. Data and one rule; a person confirms each, nothing is filed.

Codes must be leaves of the current list: a header is never billable and never suggested. Needs of behavioral health
and of safety suggest none, by rule. Titles are those of the public list, in English, as the health record has them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from resources_db import needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEADERS = frozenset(
    {
        *("Z55", "Z55.6", "Z56", "Z56.8", "Z58", "Z58.8", "Z59", "Z59.0", "Z59.1", "Z59.4", "Z59.7", "Z59.8"),
        *("Z59.81", "Z59.86", "Z60", "Z62", "Z63", "Z63.3", "Z63.7", "Z64", "Z65", "Z73", "Z73.8", "Z74", "Z74.0"),
        *("Z75", "Z91", "Z91.1", "Z91.12"),
    }
)
"""Codes with finer ones below them."""
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "Z55.0": "Illiteracy and low-level literacy",
        "Z55.5": "Less than a high school diploma",
        "Z56.0": "Unemployment, unspecified",
        "Z58.81": "Basic services unavailable in physical environment",
        "Z59.00": "Homelessness unspecified",
        "Z59.01": "Sheltered homelessness",
        "Z59.02": "Unsheltered homelessness",
        "Z59.10": "Inadequate housing, unspecified",
        "Z59.11": "Inadequate housing environmental temperature",
        "Z59.12": "Inadequate housing utilities",
        "Z59.19": "Other inadequate housing",
        "Z59.41": "Food insecurity",
        "Z59.6": "Low income",
        "Z59.71": "Insufficient health insurance coverage",
        "Z59.72": "Insufficient welfare support",
        "Z59.811": "Housing instability, housed, with risk of homelessness",
        "Z59.82": "Transportation insecurity",
        "Z59.861": "Financial insecurity, difficulty paying for utilities",
        "Z59.868": "Other specified financial insecurity",
        "Z59.869": "Financial insecurity, unspecified",
        "Z59.87": "Material hardship due to limited financial resources, not elsewhere classified",
        "Z60.2": "Problems related to living alone",
        "Z60.4": "Social exclusion and rejection",
        "Z63.6": "Dependent relative needing care at home",
        "Z65.3": "Problems related to other legal circumstances",
        "Z65.8": "Other specified problems related to psychosocial circumstances",
        "Z74.09": "Other reduced mobility",
        "Z74.2": "Need for assistance at home and no other household member able to render care",
        "Z75.3": "Unavailability and inaccessibility of health-care facilities",
    }
)
LIVES_ALONE, LEFT_OUT = "Z60.2", "Z60.4"


def suggested(subneed: str, given: Iterable[str] = (), *, lives_alone: bool | None = None) -> tuple[str, ...]:
    """Codes for a clinician to look at, the best first: those of the answer, else those of the need.

    Of the two codes about loneliness the household decides; where it is not known both stay.
    """
    known = needs.NEEDS.get(subneed)
    if known is None or known.sensitive or known.domain == "behavioral_health":
        return ()
    codes = [code for code in tuple(given) or known.icd10cm if code in TITLES]
    if lives_alone is not None and {LIVES_ALONE, LEFT_OUT} <= set(codes):
        codes.remove(LEFT_OUT if lives_alone else LIVES_ALONE)
    return tuple(dict.fromkeys(codes))


def may_confirm(subneed: str, code: str) -> bool:
    """Whether a person may confirm this code for a need at all."""
    return code in TITLES and code not in HEADERS and bool(suggested(subneed))
