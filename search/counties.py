"""Counties by FIPS code and by name, made from the packaged ZIP codes.

In most states the county numbers are the odd numbers in alphabetical order ("Mc" before "Ma"); the states where that
rule gives exactly the Census list are named here. For the others a county is known by its name only.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import cast

import zipcodes

from search.gazetteer import state_code
from search.words import split

County = tuple[str, str]  # state letters, plain name: ("OH", "hamilton")

_KINDS = ("county", "parish", "borough", "municipality")
_STATE_NUMBERS = (
    "01AL 05AR 06CA 09CT 10DE 15HI 16ID 17IL 18IN 19IA 21KY 22LA 23ME 25MA 26MI 28MS 33NH 34NJ 36NY 37NC 39OH 40OK "
    "44RI 45SC 47TN 48TX 49UT 50VT 53WA 56WY"
)
_BY_ALPHABET: Mapping[str, str] = {pair[2:]: pair[:2] for pair in _STATE_NUMBERS.split()}


def plain(county: str, state: str) -> County:
    """A county name of a state as we compare it: ("OH", "hamilton")."""
    words = split(county)
    if words and words[-1] in _KINDS:
        words = words[:-1]
    if words and words[0] in {"st", "ste"}:
        words[0] = {"st": "saint", "ste": "sainte"}[words[0]]
    return state, "".join(words)


def read(text: str) -> County | None:
    """A county as people and files write it: "39061", "Hamilton County, OH", "Hamilton, Ohio"."""
    text = text.strip()
    if text.isdigit():
        return _by_fips().get(text.zfill(5))
    name, _, state = text.rpartition(",")
    letters = state_code(state)
    return plain(name, letters) if name and letters else None


def is_known(county: County) -> bool:
    """Is there a ZIP in a county of this name?"""
    return county in _all()


@cache
def _all() -> frozenset[County]:
    rows = cast("list[Mapping[str, object]]", zipcodes.list_all())
    return frozenset(plain(str(row["county"]), str(row["state"])) for row in rows if row["county"])


def fips(county: str, state: str) -> str | None:
    """The FIPS code of a county by its name, where the rule above holds."""
    return _to_fips().get(plain(county, state))


@cache
def _by_fips() -> Mapping[str, County]:
    named: dict[str, set[str]] = defaultdict(set)
    for row in cast("list[Mapping[str, object]]", zipcodes.list_all()):
        state = str(row["state"])
        if row["county"] and row["active"] and state in _BY_ALPHABET:
            named[state].add(plain(str(row["county"]), state)[1])
    return {
        f"{_BY_ALPHABET[state]}{2 * place + 1:03d}": (state, name)
        for state, names in named.items()
        for place, name in enumerate(sorted(names, key=_census_order))
    }


@cache
def _to_fips() -> Mapping[County, str]:
    return {county: code for code, county in _by_fips().items()}


def _census_order(name: str) -> str:
    return f"ma!{name[2:]}" if name.startswith("mc") else name
