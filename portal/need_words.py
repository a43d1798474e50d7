"""What our needs and their domains are called in the language of the moment."""

from __future__ import annotations

from i18n.catalog import current_language
from i18n.catalog import lazy_gettext as _
from resources_db.needs import NEEDS

DOMAINS = {
    "nutrition": _("Food"),
    "transportation": _("Rides"),
    "housing": _("Housing"),
    "behavioral_health": _("Counseling and recovery"),
    "financial": _("Money and bills"),
    "other": _("Other help"),
}


def need(need_id: str) -> str:
    """The label of a need; our list has English and Spanish, all other readers get English."""
    found = NEEDS.get(need_id)
    if found is None:
        return domain(need_id)
    return found.label_es if current_language().code == "es" else found.label


def need_language() -> str:
    """The language in which `need` speaks, for `lang` attributes."""
    return "es" if current_language().code == "es" else "en"


def domain(domain_id: str) -> str:
    """The name of a domain of needs; an unknown id reads as "other help"."""
    return str(DOMAINS.get(domain_id, DOMAINS["other"]))
