"""The form of a bundle: its name, its needs with what their places must be, and when the patient is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wtforms import BooleanField, Form, HiddenField, SelectMultipleField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from i18n.catalog import gettext, lazy_gettext
from portal import need_words
from portal.caseload import bundle_words
from referrals import bundle_forms as rules
from referrals.bundle_forms import Item
from resources_db import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug.datastructures import MultiDict

    from referrals.bundles import Kit

_ = cast("Callable[[str], str]", lazy_gettext)
"""Form fields ask for text; ours is looked up when it is shown."""

PROBLEMS = {
    ("name", "missing"): _("Type a name for the bundle."),
    ("name", "too_long"): _("Up to 60 letters, please."),
    ("name", "taken"): _("Another bundle has this name."),
    ("items", "missing"): _("Choose at least one need."),
    ("items", "too_many"): _("A bundle holds 8 needs at most."),
    ("items", "twice"): _("A need stands here twice. Keep one of them."),
}
OTHER_PROBLEM = _("Please look at this again.")
EMPTY_ROWS = 2


class BundleForm(Form):
    """What is typed about a bundle. The needs are rows of their own: `need-0`, with `filter-0` boxes beside it."""

    name = StringField(_("Name"), [validators.Optional()])
    check_ins = SelectMultipleField(
        _("Ask the patient how it goes after"),
        description=_("One text each, never two on one day. None ticked: after 3 and 10 days."),
    )
    discharge = BooleanField(
        _("This is for the way home from hospital"),
        description=_("Asks for the day, and somebody talks with the patient within two business days."),
    )
    version = HiddenField()

    def offer(self) -> None:
        """Fill the list of check-ins."""
        self.check_ins.choices = [SelectChoice(code, bundle_words.check_in(code)) for code in rules.CHECK_INS]

    def said(self, items: tuple[Item, ...]) -> rules.Form:
        """What was typed, for the use case."""
        return rules.Form(
            (self.name.data or "").strip(),
            items,
            check_ins=tuple(self.check_ins.data or ()),
            discharge=bool(self.discharge.data),
        )


def of(kit: Kit) -> BundleForm:
    """The form as the bundle stands."""
    form = BundleForm(
        data={
            "name": kit.name,
            "check_ins": list(kit.check_ins),
            "discharge": kit.discharge,
            "version": str(kit.version),
        }
    )
    form.offer()
    return form


def items(typed: MultiDict[str, str]) -> tuple[Item, ...]:
    """The needs that were typed, in their order; rows without a need are left out."""
    rows = range(rules.MOST_NEEDS + EMPTY_ROWS)
    found = ((typed.get(f"need-{row}", ""), typed.getlist(f"filter-{row}")) for row in rows)
    return tuple(Item(subneed, tuple(filters)) for subneed, filters in found if subneed)


def rows(kept: Iterable[Item]) -> list[Item]:
    """The rows to show: what is in it, and empty ones to add more, up to the most a bundle holds."""
    full = list(kept)
    return [*full, *[Item("")] * max(min(EMPTY_ROWS, rules.MOST_NEEDS - len(full)), 0)]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The needs a bundle may hold, by domain, in the reader's language."""
    return [
        (need_words.domain(domain), offered)
        for domain in needs.DOMAINS
        if (
            offered := [(one.id, need_words.need(one.id)) for one in needs.in_domain(domain) if one.id in rules.OFFERED]
        )
    ]


def filters() -> list[tuple[str, str]]:
    """What the places of a need may have to be."""
    return [(code, str(words)) for code, words in bundle_words.FILTERS.items()]


def problem(field: str, code: str) -> str:
    """The words of a use case's complaint."""
    return str(PROBLEMS.get((field, code), OTHER_PROBLEM))


def changed_meanwhile() -> str:
    """For the second of two people who change a bundle."""
    return gettext("Somebody changed this bundle meanwhile. Open it in another tab, compare, then change it there.")
