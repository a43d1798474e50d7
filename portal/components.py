"""Makes each file in templates/components a Jinja global, so that a block rendered alone still has its macros.

Owns the loading only; the markup is in templates/components, the list of macros in its README.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from jinja2 import Environment, pass_eval_context
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro

from i18n import catalog, formatting
from portal.icons import icon

FOLDER: Final = "components/"
REMEMBERED: Final[Mapping[str, frozenset[str]]] = {"status": frozenset({"open", "room", "fresh"})}
"""Macros said on every row of every list, whose words hang on language and arguments alone."""
_MOST: Final = 4_096


class Part:
    """One component file as templates see it: `status.room(...)`, and `note(...)` where a macro has the file's name."""

    def __init__(self, env: Environment, name: str) -> None:
        self._env, self._name = env, name
        self._loaded: TemplateModule | None = None

    def _module(self) -> TemplateModule:
        # On first use, and on the live globals, so that components may use each other and whatever is installed later.
        if self._loaded is None or self._env.auto_reload:
            template = self._env.get_template(f"{FOLDER}{self._name}.html")
            self._loaded = template.make_module(self._env.globals, shared=True)
        return self._loaded

    def __getattr__(self, macro: str) -> Callable[..., str]:
        if macro.startswith("_"):
            raise AttributeError(macro)
        found = getattr(self._module(), macro)
        assert isinstance(found, Macro)
        if self._env.auto_reload:
            return found
        kept = _remembered(found) if macro in REMEMBERED.get(self._name, ()) else found
        self.__dict__[macro] = kept  # asked for again on every row of every page
        return kept

    @pass_eval_context
    def __call__(self, context: EvalContext, *args: object, **named: object) -> str:
        html: str = getattr(self, self._name)(context, *args, **named)
        return html


def _remembered(macro: Macro) -> Callable[..., str]:
    """The macro with what it has said; its arguments must be values that do not change."""

    @lru_cache(_MOST, typed=True)
    def said(_language: str, *args: object, **named: object) -> str:
        html: str = macro(*args, **named)
        return html

    return lambda *args, **named: said(catalog.current_language().code, *args, **named)


class Parts:
    """All components under one name, for pages whose own variable is called `need`, `note` or `place`."""

    def __init__(self, parts: dict[str, Part]) -> None:
        self.__dict__.update(parts)


def install(env: Environment) -> None:
    """Add every component, `icon`, `fmt` and `parts` to the globals of a Jinja environment."""
    names = [name.removeprefix(FOLDER).removesuffix(".html") for name in env.list_templates(filter_func=_is_component)]
    parts = {name: Part(env, name) for name in names}
    env.globals.update({**parts, "icon": icon, "fmt": formatting, "parts": Parts(parts)})


def _is_component(name: str) -> bool:
    return name.startswith(FOLDER) and name.endswith(".html")
