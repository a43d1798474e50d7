"""What bundles are called, and their filters and check-ins in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import need_words

if TYPE_CHECKING:
    from i18n.lazy import LazyText
    from referrals.bundles import Kit

NAMES: dict[str, LazyText] = {
    # Translators: names of bundles, sets of needs that are sent together
    "new_baby": lazy("New baby"),
    "eviction": lazy("Eviction notice"),
    "lives_alone": lazy("Lives alone"),
    "new_in_town": lazy("New in town"),
    "discharge": lazy("Home from hospital"),
}
FILTERS: dict[str, LazyText] = {
    # Translators: what the places of a bundle must be
    "free": lazy("Free"),
    "has_room": lazy("Has room"),
    "no_papers": lazy("Asks for no papers"),
    "by_phone": lazy("By phone or online"),
    "wheelchair": lazy("Step-free"),
    "open_today": lazy("Open today"),
    "open_weekend": lazy("Open on weekends"),
}


def name(kit: Kit) -> str:
    """The name people gave it, or that of the sample."""
    return kit.name or str(NAMES[kit.shipped])


def needs(kit: Kit) -> str:
    """What is in it, as one list."""
    return formatting.list_of(need_words.need(item.subneed) for item in kit.items)


def check_in(code: str) -> str:
    """When a check-in is, counted from the send or the way home: "2 business days", "7 days"."""
    if code.endswith("bd"):
        days = int(code.removesuffix("bd"))
        return ngettext("%(num)s business day", "%(num)s business days", days)
    days = int(code.removesuffix("d"))
    return ngettext("%(num)s day", "%(num)s days", days)


def plan(kit: Kit) -> str:
    """When the patient is asked how it went."""
    if not kit.check_ins:
        return _("We ask how it went after 3 and 10 days.")
    days = formatting.list_of(check_in(code) for code in kit.check_ins)
    # Translators: %(days)s is a list such as "2 business days, 7 days, and 14 days"
    return _("We ask how it goes after %(days)s.", days=days)
