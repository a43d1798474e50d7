"""Renders layouts and components without Flask: the same environment options, with stand-ins for the page's facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from i18n import catalog, jinja
from i18n.locales import Language
from portal import components

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "portal" / "static"


@dataclass(frozen=True)
class Person:
    name: str = "Dana Cole"
    keys_on: bool = True


@dataclass(frozen=True)
class BarPlace:
    key: str
    word: str
    href: str
    here: bool = False
    first: bool = True
    pressed: str = ""


BAR = (
    BarPlace("today", "Today", "/today", here=True, pressed="t"),
    BarPlace("patients", "Patients", "/patients", pressed="p"),
    BarPlace("find", "Find help", "/search", pressed="f"),
    BarPlace("texts", "Texts", "/texts", first=False),
    BarPlace("directory", "Directory", "/review", first=False),
    BarPlace("reports", "Reports", "/reports", first=False),
)


def stage(*, signed_in: bool = True, demo: bool = False, words: Sequence[tuple[str, str]] = ()) -> Environment:
    """An environment as portal.templating makes it; `words` are flashed."""
    env = Environment(
        loader=FileSystemLoader([ROOT / "templates", Path(__file__).parent / "pages"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.install(env)
    components.install(env)
    env.globals.update(
        me=Person() if signed_in else None,
        may=lambda permission, thing=None: signed_in,
        csrf=lambda: Markup('<input type="hidden" name="csrf_token" value="t">'),
        csrf_token=lambda: "t",
        static=lambda name: f"/static/{name}",
        language=catalog.current_language,
        languages=_languages,
        with_language=lambda code: f"?l={code}",
        org_name=lambda: "Riverside Care",
        nav=lambda here="": BAR if signed_in else (BAR[2],),
        nav_count=lambda key: 9 if key == "today" else 0,
        flashes=lambda with_categories=False: list(words) if with_categories else [word for _kind, word in words],
        demo_banner=demo,
        simulator=demo,
        tag_of=lambda code: code,
        texts_wait=lambda: False,
        takes_requests=lambda: False,
        text_cost=lambda _segments: "",
        idle_minutes=30,
        url_for=lambda endpoint, **values: "/" + endpoint.replace(".", "/"),
    )
    return env


def _languages() -> tuple[Language, ...]:
    from i18n.locales import get

    return tuple(get(code) for code in ("en", "es", "ar", "vi"))
