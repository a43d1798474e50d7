"""Which language a reader gets: aliases of codes, and the order of choice. Pure.

Order: `?l=` in the link, the saved choice, the person's language (patient pages), Accept-Language, English.
"""

from collections.abc import Collection, Iterator

from i18n.locales import LANGUAGES, SOURCE

ALIASES = {
    "zh": "zh_Hans",
    "zh_cn": "zh_Hans",
    "zh_sg": "zh_Hans",
    "zh_tw": "zh_Hant",
    "zh_hk": "zh_Hant",
    "zh_mo": "zh_Hant",
    "tl": "fil",
    "pt": "pt_BR",
    "iw": "he",
    "in": "id",
    "no": "nb",
    "mww": "hmn",
    "hnj": "hmn",
    "prs": "fa",
}
_BY_LOWER = {code.lower(): code for code in LANGUAGES}
_LONGEST_HEADER = 1000


def canonical(tag: str) -> str | None:
    """Our code for a language tag as browsers, files and people write it; None if we do not know it."""
    parts = tag.strip().replace("-", "_").lower().split("_")
    for length in range(len(parts), 0, -1):
        code = "_".join(parts[:length])
        if code in ALIASES:
            return ALIASES[code] if ALIASES[code] in LANGUAGES else None
        if code in _BY_LOWER:
            return _BY_LOWER[code]
    return None


def accepted(header: str) -> Iterator[str]:
    """Our codes in an Accept-Language header, best first; what cannot be read is passed over."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:_LONGEST_HEADER].split(",")):
        tag, _, quality = part.partition(";")
        weight = _weight(quality)
        code = canonical(tag)
        if code is not None and weight > 0:
            wishes.append((-weight, place, code))
    return (code for _, _, code in sorted(wishes))


def _weight(quality: str) -> float:
    value = quality.strip().removeprefix("q=")
    try:
        return float(value) if value else 1.0
    except ValueError:
        return 0.0


def choose(
    available: Collection[str],
    *,
    asked: str | None = None,
    saved: str | None = None,
    person: str | None = None,
    header: str = "",
) -> str:
    """The language to show, of those available now."""
    for wish in (asked, saved, person):
        code = canonical(wish) if wish else None
        if code in available and code is not None:
            return code
    return next((code for code in accepted(header) if code in available), SOURCE)
