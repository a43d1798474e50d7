"""The words of templates: gettext functions whose sentences may hold <b> and whose values are escaped.

Owns the Jinja side only; the words themselves and the language of the moment are in i18n.catalog.
"""

from jinja2 import Environment
from markupsafe import Markup, escape

from i18n.catalog import Domain, current_language, messages, patient


class Words:
    """The functions of one domain, as templates call them."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain

    def one(self, message: str, **values: object) -> Markup:
        """`_("Sent %(when)s.", when=...)`."""
        return Markup(self._domain.gettext(message, **_escaped(values)))

    def number(self, singular: str, plural: str, n: int, **values: object) -> Markup:
        """`ngettext("%(num)s place", "%(num)s places", count)`."""
        return Markup(self._domain.ngettext(singular, plural, n, **_escaped(values)))

    def meant(self, context: str, message: str, **values: object) -> Markup:
        """`pgettext("referral", "Sent")`, for one-word texts."""
        return Markup(self._domain.pgettext(context, message, **_escaped(values)))


def _escaped(values: dict[str, object]) -> dict[str, object]:
    return {name: escape(value) for name, value in values.items()}


def install(env: Environment) -> None:
    """Add `_`, `ngettext`, `pgettext` (staff and agency), `p_`, `pn_`, `pp_` (patient) and `current_language`."""
    staff, theirs = Words(messages), Words(patient)
    env.globals.update(
        {
            "_": staff.one,
            "gettext": staff.one,
            "ngettext": staff.number,
            "pgettext": staff.meant,
            "p_": theirs.one,
            "pn_": theirs.number,
            "pp_": theirs.meant,
            "current_language": current_language,
        }
    )
