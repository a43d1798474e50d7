"""The words in templates: `_`, `ngettext`, `pgettext` for staff, and `p_`, `pn_`, `pp_` for patients.

As with Jinja's "newstyle", placeholders are filled and escaped after the translation is looked up, so a percent sign
in a template text is written `%%`.
"""

from collections.abc import Callable

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from i18n import catalog
from i18n.catalog import Domain


def install(env: Environment) -> None:
    """Give an environment the words; the language is the one of the moment of rendering."""
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    staff, patient = catalog.messages, catalog.patient
    env.install_gettext_callables(  # type: ignore[attr-defined]  # for `trans` blocks
        staff.plain,
        staff.plain_plural,
        newstyle=True,
        pgettext=staff.plain_context,
        npgettext=staff.plain_context_plural,
    )
    env.globals.update(_=_one(staff), gettext=_one(staff), ngettext=_many(staff), pgettext=_in_context(staff))
    env.globals.update(p_=_one(patient), pn_=_many(patient), pp_=_in_context(patient))


def _shown(context: EvalContext, text: str, values: dict[str, object]) -> str:
    if not context.autoescape:
        return text % values
    words = Markup(text)  # noqa: S704 - our catalogs are checked for tags
    if not values and "%" not in text:
        return words  # most words of a page: there is nothing to fill
    return words % values


def _one(domain: Domain) -> Callable[..., str]:
    @pass_eval_context
    def speak(context: EvalContext, message: str, /, **values: object) -> str:
        return _shown(context, domain.plain(message), values)

    return speak


def _many(domain: Domain) -> Callable[..., str]:
    @pass_eval_context
    def speak(context: EvalContext, singular: str, plural: str, n: int, /, **values: object) -> str:
        return _shown(context, domain.plain_plural(singular, plural, n), {"num": n, "n": n, **values})

    return speak


def _in_context(domain: Domain) -> Callable[..., str]:
    @pass_eval_context
    def speak(context: EvalContext, where: str, message: str, /, **values: object) -> str:
        return _shown(context, domain.plain_context(where, message), values)

    return speak
