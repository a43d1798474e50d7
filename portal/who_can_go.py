"""Who a listing is for, where its words are exact enough to know: translated once for all listings that say so."""

from __future__ import annotations

from i18n.catalog import patient

# Translators: who can go to a place that helps
_ANYONE = patient.lazy_gettext("Anyone can go")
_ADULTS = patient.lazy_gettext("Adults 18 and older")
_SENIORS = patient.lazy_gettext("People 60 and older")
_FAMILIES = patient.lazy_gettext("Families with children")
_VETERANS = patient.lazy_gettext("Veterans")
_LOW_INCOME = patient.lazy_gettext("People with low income")
_NO_HOME = patient.lazy_gettext("People without a home")

KINDS = {
    "anyone": _ANYONE,
    "everyone": _ANYONE,
    "all": _ANYONE,
    "all are welcome": _ANYONE,
    "anyone in need": _ANYONE,
    "open to all": _ANYONE,
    "open to everyone": _ANYONE,
    "open to the public": _ANYONE,
    "no restrictions": _ANYONE,
    "no requirements": _ANYONE,
    "adults": _ADULTS,
    "adults 18+": _ADULTS,
    "adults 18 and over": _ADULTS,
    "adults 18 and older": _ADULTS,
    "18 and older": _ADULTS,
    "seniors 60+": _SENIORS,
    "seniors 60 and over": _SENIORS,
    "people 60 and older": _SENIORS,
    "adults 60 and older": _SENIORS,
    "age 60 and older": _SENIORS,
    "families": _FAMILIES,
    "families with children": _FAMILIES,
    "veterans": _VETERANS,
    "low income": _LOW_INCOME,
    "low-income": _LOW_INCOME,
    "low-income people": _LOW_INCOME,
    "people with low income": _LOW_INCOME,
    "homeless": _NO_HOME,
    "homeless people": _NO_HOME,
    "people without a home": _NO_HOME,
    "people experiencing homelessness": _NO_HOME,
}


def known(text: str) -> str | None:
    """Who can go, in the language of the moment; None where it has to stay as written."""
    words = KINDS.get(" ".join(text.split()).rstrip(".").casefold())
    return None if words is None else str(words)
