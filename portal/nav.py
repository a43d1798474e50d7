"""The places in the bar: which a person sees, where they lead, which one the page is in.

Owns words and order only; who may see what is `permissions`, and a place whose page does not exist is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from i18n.catalog import lazy_gettext as _
from portal.auth import current
from portal.auth.permissions import allows

if TYPE_CHECKING:
    from collections.abc import Callable

    from i18n.lazy import LazyText

SHOWN_ON_PHONES: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its key, its word, its address, who may go there, further addresses that belong to it."""

    key: str
    word: LazyText
    path: str
    permission: str
    also: tuple[str, ...] = ()
    pressed: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as the bar shows it to one person on one page."""

    key: str
    word: str
    href: str
    pressed: str
    here: bool
    first: bool


PLACES: Final = (
    Place("today", _("Today"), "/today", "person.read", pressed="t"),
    Place("patients", _("Patients"), "/patients", "person.find", also=("/bundles",), pressed="p"),
    Place("agency", _("Referrals"), "/agency", "referral.read", pressed="r"),
    Place("find", _("Find help"), "/search", "directory.read", also=("/listing", "/searches"), pressed="f"),
    Place("intake", _("Requests"), "/intake", "intake.work", pressed="q"),
    Place("texts", _("Texts"), "/texts", "message.read", pressed="m"),
    Place(
        "directory",
        _("Directory"),
        "/curation",
        "listing.approve",
        also=("/imports", "/review", "/duplicates", "/words", "/confidential", "/areas", "/rules"),
        pressed="d",
    ),
    Place("reports", _("Reports"), "/reports", "report.read"),
    Place("admin", _("Settings"), "/admin", "status.read"),
)


_shown_when: dict[str, Callable[[], bool]] = {}


def show_when(key: str, shown: Callable[[], bool]) -> None:
    """Leave a place out of the bar while `shown` says that it holds nothing for anybody."""
    _shown_when[key] = shown


def entries(here: str = "") -> list[Entry]:
    """The places of the signed-in person; `here` names the one the page is in when its address does not say so."""
    person = current.member()
    role = person.role if person else None
    open_places = [
        place for place in PLACES if allows(place.permission, role) and _exists(place.path) and _is_shown(place)
    ]
    if any(place.key == "today" for place in open_places):
        # a care team's referrals stand on its patients' pages; the inbox is the agencies' place
        open_places = [place for place in open_places if place.key != "agency"]
    return [
        Entry(
            key=place.key,
            word=str(place.word),
            href=place.path,
            pressed=place.pressed,
            here=place.key == here if here else _is_here(place),
            first=number < SHOWN_ON_PHONES,
        )
        for number, place in enumerate(open_places)
    ]


def _is_shown(place: Place) -> bool:
    shown = _shown_when.get(place.key)
    return shown is None or shown()


def _is_here(place: Place) -> bool:
    return any(request.path == path or request.path.startswith(f"{path}/") for path in (place.path, *place.also))


def _exists(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        adapter.match(path, method="GET")
    except HTTPException:
        return False
    return True
