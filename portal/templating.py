"""The Jinja environment of the pages: strict, escaped, with our words, components and a few facts as globals.

A block rendered alone sees globals only, so everything a layout or macro needs is one.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Flask, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from i18n import catalog, jinja
from i18n.locales import Language
from portal import components, db, locale, nav
from portal.auth import current, guards
from portal.auth.permissions import allows

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.auth.current import Member

MISSING: Final = "0"
TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"


def prepare(app: Flask) -> None:
    """Set how templates are read; must run before the first one is."""
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


def init(app: Flask) -> None:
    """Give the templates of this app their globals."""
    env: Environment = app.jinja_env
    jinja.install(env)
    components.install(env)
    settings = db.runtime_of(app).settings
    env.globals.update(
        me=LocalMember(),
        may=may,
        csrf=csrf,
        static=static,
        language=language,
        languages=locale.offered,
        tag_of=tag_of,
        org_name=org_name,
        nav=nav.entries,
        nav_count=nav_count,
        here=here,
        with_language=with_language,
        now=db.now,
        today=lambda: db.now().date(),
        flashes=get_flashed_messages,
        public_url=settings.public_url,
        demo_banner=settings.demo,
        simulator=settings.simulator,
        text_cost=lambda segments: db.runtime().price.about(db.runtime(), segments),
        texts_wait=lambda: db.runtime().pause.now(db.runtime()),
        idle_minutes=settings.idle_minutes,
    )


class LocalMember:
    """`me` in templates: the signed-in person; false for a stranger."""

    def __bool__(self) -> bool:
        return current.member() is not None

    def __getattr__(self, name: str) -> object:
        person: Member | None = current.member()
        if person is None or name.startswith("__"):
            raise AttributeError(name)
        return getattr(person, name)


def may(permission: str, thing: object = None) -> bool:
    """Whether to show a way to do this: the role allows it and the thing, if one is given, is of the person's org."""
    person = current.member()
    if not allows(permission, person.role if person else None):
        return False
    owner = getattr(thing, "org_id", None)
    return owner is None or (person is not None and owner == person.org_id)


def csrf() -> Markup:
    """The hidden field of every POST form. Pages behind a link need none: the token in their address is the proof."""
    policy = guards.current_policy()
    if policy is not None and policy.cookieless:
        return Markup()
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def csrf_header() -> str:
    """The value of hx-headers on body, for buttons outside of forms."""
    policy = guards.current_policy()
    if policy is not None and policy.cookieless:
        return "{}"
    return f'{{"X-CSRFToken": "{generate_csrf()}"}}'


def static(name: str) -> str:
    """The address of a static file with a hash of its content, so that browsers may keep it for ever."""
    return url_for("static", filename=name, v=_version(name))


def has_static(name: str) -> bool:
    """Whether the file is there; those made by others are missing where set-up could not fetch them."""
    return _version(name) != MISSING


def language() -> Language:
    """The language of the page."""
    return catalog.current_language()


def tag_of(code: str) -> str:
    """A language for a `lang` attribute, from our code or a tag."""
    return code.replace("_", "-")


def org_name() -> str:
    """The org of the signed-in person, else the product's name."""
    person = current.member()
    return person.org_name if person else "Handrail"


def nav_count(name: str) -> int:
    """The number beside an entry of the bar: how many worklist items wait. Zero shows nothing."""
    counter = _counters.get(name)
    return counter() if counter and current.member() else 0


def here() -> str:
    """The path of the page, to mark the place in the bar."""
    return request.path


def with_language(code: str) -> str:
    """The address of this page in another language."""
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "l"]
    return f"{escape(_fetchable_path())}?{urlencode([*arguments, ('l', code)])}"


def _fetchable_path() -> str:
    """Where this page can be fetched: what a form behind a link answers exists for forms only, its link for both."""
    token = (request.view_args or {}).get("token")
    return url_for("links.open_link", token=token) if token and request.method == "POST" else request.path


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    file = Path(__file__).with_name("static") / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else MISSING


_counters: dict[str, Callable[[], int]] = {}


def count_in_bar(name: str, counter: Callable[[], int]) -> None:
    """Let `nav_count(name)` ask `counter`."""
    _counters[name] = counter
