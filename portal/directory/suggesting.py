"""Suggestions while typing, as the combobox of the search page takes them: what to fill in, and what it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import current_language, ngettext
from i18n.catalog import gettext as _
from portal import need_words
from search.suggest import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resources_db.base import JsonDict, JsonList
    from search.engine import SearchEngine
    from search.suggest import Suggestion

MOST = 8
_ENOUGH_FOR_ALL_KINDS = 40


def answer(typed: Mapping[str, str], engine: SearchEngine) -> JsonDict:
    """For the sentence needs and names; for the place, places. `said` is what a screen reader hears."""
    wants_places = "near" in typed
    text = typed.get("near" if wants_places else "q", "")
    found = engine.suggest(text, current_language().code.split("_")[0], _ENOUGH_FOR_ALL_KINDS)
    fitting = [one for one in found if (one.kind is Kind.PLACE) is wants_places]
    items: JsonList = [_item(one) for one in fitting[:MOST]]
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", len(items)) if items else _("No suggestions")
    return {"items": items, "said": said}


def _item(one: Suggestion) -> JsonDict:
    return {"text": one.text, "more": _more(one)}


def _more(one: Suggestion) -> str:
    """What everyday words stand for; what kind of name it is."""
    if one.kind is Kind.NEED:
        label = need_words.need(one.value)
        return "" if label.casefold() == one.text.casefold() else label
    return {Kind.ORGANIZATION: _("Organization"), Kind.LISTING: _("Place")}.get(one.kind, "")
