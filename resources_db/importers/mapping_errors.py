"""Why a mapping cannot be used, in words for the person who made it."""

from collections.abc import Mapping

from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText

_MESSAGES: Mapping[str, LazyText] = {
    "bad_condition": _("A condition needs a column and one of: is, not, in, matches, filled."),
    "bad_pattern": _("This pattern cannot be used. Choose a shorter, simpler one."),
    "bad_steps": _("This field does not say where its words come from."),
    "no_id": _("Say which columns make the id of this record."),
    "no_records": _("This mapping does not map anything yet."),
    "no_owner": _("This belongs to a record that the mapping does not make. Map the name of that record too."),
    "unknown_cleaner": _("There is no way of cleaning with this name."),
    "unknown_field": _("There is no field with this name."),
    "unknown_object": _("There is no kind of record with this name."),
    "unreadable": _("This is not a mapping file in YAML or JSON."),
}


class BadMappingError(ValueError):
    """The mapping cannot be used. `where` is a place in it (`1/4`: line 4 of table 1), `value` what stood there."""

    def __init__(self, code: str, where: str = "", value: str = "") -> None:
        super().__init__(f"{where}: {code} {value}".strip(": "))
        self.code = code
        self.where = where
        self.value = value

    @property
    def message(self) -> str:
        return str(_MESSAGES[self.code])

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.where}:" if self.where else "", self.message, self.value) if part)
