"""The one table of languages: code, own name, direction, format locale and state of the catalog.

Says which languages exist; which one a reader gets is `negotiate`, the words themselves are `catalog`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Literal

SOURCE = "en"


class CatalogState(StrEnum):
    """How far the words of a language are."""

    COMPLETE = "complete"
    DRAFT = "draft"
    NONE = "none"
    PSEUDO = "pseudo"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: `code` names the words, `format_locale` the CLDR data; the two are different things."""

    code: str
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"]
    format_locale: str
    status: CatalogState
    instead: str = SOURCE
    """What its readers get where this language has no words, or none that are switched on."""

    @property
    def tag(self) -> str:
        """The BCP 47 tag for `lang` attributes."""
        return self.code.replace("_", "-")

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.direction == "rtl"


def _language(row: Mapping[str, str]) -> Language:
    return Language(
        code=row["code"],
        name=row["name"],
        english_name=row["english"],
        direction="rtl" if row.get("direction") == "rtl" else "ltr",
        format_locale=row["formats"],
        status=CatalogState(row.get("catalog", "none")),
        instead=row.get("instead", SOURCE),
    )


def _load(path: Path) -> Mapping[str, Language]:
    rows = tomllib.loads(path.read_text("utf-8"))["language"]
    return MappingProxyType({row["code"]: _language(row) for row in rows})


LANGUAGES: Mapping[str, Language] = _load(Path(__file__).with_name("languages.toml"))


def get(code: str) -> Language:
    """The language of a code; a write-in or unknown one reads as English formats under its own code."""
    known = LANGUAGES.get(code)
    if known is not None:
        return known
    return Language(code, code, code, "ltr", "en_US", CatalogState.NONE)


def preferable() -> tuple[Language, ...]:
    """Every language a patient may prefer, English and Spanish first, then by English name."""
    real = [one for one in LANGUAGES.values() if one.status is not CatalogState.PSEUDO]
    return tuple(sorted(real, key=lambda one: (one.status is not CatalogState.COMPLETE, one.english_name)))
