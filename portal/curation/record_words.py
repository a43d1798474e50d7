"""Words of the team's page of one listing and of its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from i18n.catalog import gettext
from i18n.catalog import lazy_gettext as _
from resources_db import history, history_reading
from resources_db.vocab import ConfirmMethod, Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

METHODS: Final[Mapping[ConfirmMethod, LazyText]] = {
    ConfirmMethod.PHONE_CALL: _("I called them"),
    ConfirmMethod.VISIT: _("I was there"),
    ConfirmMethod.WEBSITE: _("I looked at their website"),
}
VISIBILITY: Final[Mapping[Visibility, LazyText]] = {
    Visibility.PUBLIC: _("Everybody sees this listing."),
    Visibility.STAFF: _("Only staff see this listing."),
    Visibility.HIDDEN: _("Nobody sees this listing."),
}
VISIBILITY_BUTTONS: Final[Mapping[Visibility, LazyText]] = {
    Visibility.PUBLIC: _("Show it to everybody"),
    Visibility.STAFF: _("Show it to staff only"),
    Visibility.HIDDEN: _("Hide it"),
}
ROLES: Final[Mapping[str, LazyText]] = {
    history.AGENCY: _("The agency"),
    history.TEAM: _("The directory team"),
    history.NAVIGATOR: _("A navigator"),
    history.PATIENT: _("A patient"),
    history.CLOCK: _("Handrail"),
}
WHAT: Final[Mapping[str, LazyText]] = {
    history_reading.EDIT: _("changed"),
    history_reading.CONFIRM: _("confirmed"),
    history_reading.ROOM: _("was said"),
    history_reading.MERGE: _("Another record was merged into this one"),
    history_reading.UNMERGE: _("A merge was taken back"),
    history_reading.MADE: _("The import made this record"),
    history_reading.ENDED: _("The import withdrew this record"),
}
OTHER_FIELDS: Final[Mapping[str, LazyText]] = {
    "visibility": _("Who sees it"),
    "locked.contact": _("Lock on phone and e-mail"),
    "locked.hours": _("Lock on hours"),
    "locked.place": _("Lock on the place"),
    "locked.who_can_go": _("Lock on who can go"),
    "locked.what": _("Lock on what it is"),
    "application_process": _("How to start"),
    "eligibility_description": _("Who can go"),
    "fees_description": _("Cost in words"),
}


def role(name: str) -> str:
    """Who did it, never by name."""
    source = name.removeprefix("import: ")
    if source != name:
        return gettext("Import of %(source)s", source=source)
    return str(ROLES.get(name, name))
