"""The words in templates: `_`, `ngettext`, `pgettext` for staff, and `p_`, `pn_`, `pp_` for patients.

All are "newstyle": placeholders are filled and escaped after the translation is looked up, so a percent sign
in a template text is written `%%`.
"""

from collections.abc import Callable

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from i18n import catalog


def install(env: Environment) -> None:
    """Give an environment the words; the language is the one of the moment of rendering."""
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        catalog.messages.plain,
        catalog.messages.plain_plural,
        newstyle=True,
        pgettext=catalog.messages.plain_context,
        npgettext=catalog.messages.plain_context_plural,
    )
    env.globals.update(p_=_one(catalog.patient.plain), pn_=_many, pp_=_in_context)


def _shown(context: Context, text: str, values: dict[str, object]) -> str:
    words = Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704 - our catalogs are checked for tags
    return words % values


def _one(look_up: Callable[[str], str]) -> Callable[..., str]:
    @pass_context
    def speak(context: Context, message: str, /, **values: object) -> str:
        return _shown(context, look_up(message), values)

    return speak


@pass_context
def _many(context: Context, singular: str, plural: str, n: int, /, **values: object) -> str:
    return _shown(context, catalog.patient.plain_plural(singular, plural, n), {"num": n, "n": n, **values})


@pass_context
def _in_context(context: Context, where: str, message: str, /, **values: object) -> str:
    return _shown(context, catalog.patient.plain_context(where, message), values)
