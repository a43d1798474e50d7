"""Reads pages as a person does: through the front door, checking on every HTML answer what every page must have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid

    from flask import Flask
    from werkzeug.test import TestResponse

    from resources_db.models.tenants import AppUser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
FIELDS = frozenset({"input", "select", "textarea"})
MOST_HOPS = 5
WITHOUT_TOKEN = re.compile(r"^/r/")
"""Forms behind a link need no CSRF token: the token in the address is the proof."""


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str = "", **wanted: str) -> list[Element]:
        found = []
        for child in self.children:
            if isinstance(child, Element):
                fits = (not tag or child.tag == tag) and all(child.attrs.get(k) == v for k, v in wanted.items())
                found += [child] if fits else []
                found += child.all(tag, **wanted)
        return found

    def inside(self, tag: str) -> Element | None:
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above

    @property
    def text(self) -> str:
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return re.sub(r"\s+", " ", "".join(parts)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#root", {})
        self.here = self.root

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value if value is not None else "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag):
        above = self.here
        while above.parent is not None and above.tag != tag:
            above = above.parent
        if above.parent is not None:
            self.here = above.parent

    def handle_data(self, data):
        self.here.children.append(data)


def read(html: str) -> Element:
    """The tree of a page or fragment."""
    reader = _Reader()
    reader.feed(html)
    return reader.root


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it."""

    element: Element
    page_path: str

    @property
    def action(self) -> str:
        return self.element.attrs.get("action") or self.page_path

    @property
    def method(self) -> str:
        return self.element.attrs.get("method", "get").lower()

    def values(self) -> dict[str, str | list[str]]:
        """What it holds before anybody types; repeated names are lists."""
        found: dict[str, str | list[str]] = {}
        for one in self.element.all():
            name = one.attrs.get("name", "")
            if one.tag not in FIELDS or not name or "disabled" in one.attrs or not _is_sent(one):
                continue
            value = _value(one)
            held = found.get(name)
            found[name] = value if held is None else [*(held if isinstance(held, list) else [held]), value]
        return found


@dataclass(frozen=True)
class Page:
    """One answer."""

    response: TestResponse
    path: str

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def tree(self) -> Element:
        return read(self.html)

    @property
    def text(self) -> str:
        body = self.tree.all("body")
        return (body[0] if body else self.tree).text

    @property
    def h1(self) -> str:
        return self.tree.all("h1")[0].text

    @property
    def forms(self) -> list[Form]:
        return [Form(one, self.path) for one in self.tree.all("form")]

    def form(self, action: str) -> Form:
        """The first form whose action holds `action`."""
        fitting = [one for one in self.forms if action in one.action]
        assert fitting, f"no form for {action} on {self.path}: {[one.action for one in self.forms]}"
        return fitting[0]

    def links(self) -> dict[str, str]:
        """Where the words of links lead."""
        return {one.text: one.attrs["href"] for one in self.tree.all("a") if "href" in one.attrs}


def problems(page: Page) -> list[str]:
    """What is missing on a whole HTML page; fragments (no <html>) are held to ids and labels only."""
    tree = page.tree
    found = [*_ids(tree), *_labels(tree), *_tokens(tree, page.path)]
    root = tree.all("html")
    if not root:
        return found
    if not root[0].attrs.get("lang") or root[0].attrs.get("dir") not in {"ltr", "rtl"}:
        found.append("html without lang and dir")
    headings = tree.all("h1")
    titles = [one for one in tree.all("title") if one.inside("svg") is None]
    if len(headings) != 1:
        found.append(f"{len(headings)} h1")
    elif len(titles) != 1 or not _alike(titles[0].text, headings[0].text):
        found.append(f"title {[one.text for one in titles]} does not start as h1 {headings[0].text!r}")
    found += [f"inline style on {one.tag}" for one in tree.all() if "style" in one.attrs]
    found += ["inline script" for one in tree.all("script") if "src" not in one.attrs]
    found += [f"{name} on {one.tag}" for one in tree.all() for name in one.attrs if name.startswith("on")]
    return found


def _alike(title: str, heading: str) -> bool:
    """A title starts with the heading; where the heading names a person the title stops before the name."""
    own = title.removesuffix(" - Handrail")
    return title.startswith(heading) or (len(own) > 3 and heading.startswith(own))


class Browser:
    """A person's browser: keeps cookies, follows redirects, and fails on a page that lacks what every page has."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def get(
        self, path: str, *, expect: int | None = 200, htmx: bool = False, headers: dict[str, str] | None = None
    ) -> Page:
        return self._read(self.client.get(path, headers=_headers(headers, htmx=htmx)), path, expect)

    def post(
        self,
        path: str,
        data: dict[str, object] | None = None,
        *,
        expect: int | None = None,
        follow: bool = True,
        htmx: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Page:
        """Send a form; a 303 is followed. Without `expect` any answer below 400 is fine."""
        page = self._read(self.client.post(path, data=data, headers=_headers(headers, htmx=htmx)), path, expect)
        if expect is None:
            assert page.status < 400, f"{path}: {page.status} {page.text[:300]}"
        return self._go_on(page, expect) if follow else page

    def submit(
        self, form: Form, *, expect: int | None = None, follow: bool = True, htmx: bool = False, **typed: object
    ) -> Page:
        """Fill a form in and send it."""
        values = {**form.values(), **typed}
        if form.method == "get":
            page = self._read(self.client.get(form.action, query_string=values), form.action, expect)
            return self._go_on(page, 200) if expect is None and follow else page
        return self.post(form.action, values, expect=expect, follow=follow, htmx=htmx)

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        return str(self.get(path).tree.all("input", name="csrf_token")[0].attrs["value"])

    def be(self, user: AppUser | uuid.UUID) -> Page:
        """Sign in as a demo person, by the page made for it."""
        user_id = getattr(user, "id", user)
        return self.submit(self.get("/dev/people").form(f"/dev/people/{user_id}"))

    def _go_on(self, page: Page, expect: int | None) -> Page:
        hops = 0
        while page.status in {302, 303} and hops < MOST_HOPS:
            page = self.get(page.response.headers["Location"], expect=None)
            hops += 1
        assert page.status == expect if expect == 200 else page.status < 500 or expect == page.status, (
            f"{page.path}: {page.status} {page.text[:400]}"
        )
        return page

    def _read(self, response: TestResponse, path: str, expect: int | None) -> Page:
        page = Page(response, path)
        if expect is not None:
            assert page.status == expect, f"{path}: {page.status} instead of {expect}: {page.text[:400]}"
        if response.mimetype == "text/html" and response.data and page.status not in {301, 302, 303}:
            assert problems(page) == [], f"{path}: {problems(page)}"
        return page


def _headers(given: dict[str, str] | None, *, htmx: bool) -> dict[str, str]:
    return {**(given or {}), **({"HX-Request": "true"} if htmx else {})}


def _is_sent(one: Element) -> bool:
    kind = one.attrs.get("type", "")
    return kind not in {"submit", "button", "reset", "image", "file"} and (
        kind not in {"checkbox", "radio"} or "checked" in one.attrs
    )


def _value(one: Element) -> str:
    if one.tag == "textarea":
        typed = "".join(part for part in one.children if isinstance(part, str))
        return typed.replace("\r\n", "\n").removeprefix("\n")
    if one.tag == "select":
        options = one.all("option")
        chosen = next((option for option in options if "selected" in option.attrs), options[0] if options else None)
        return chosen.attrs.get("value", chosen.text) if chosen else ""
    return one.attrs.get("value", "on" if one.attrs.get("type") == "checkbox" else "")


def _ids(tree: Element) -> list[str]:
    seen: set[str] = set()
    twice = []
    for one in tree.all():
        name = one.attrs.get("id")
        if name and name in seen:
            twice.append(f"id {name} twice")
        seen.add(name or "")
    return twice


def _labels(tree: Element) -> list[str]:
    named = {one.attrs.get("for") for one in tree.all("label")}
    bare = []
    for one in tree.all():
        if one.tag not in FIELDS or one.attrs.get("type") in UNLABELLED:
            continue
        labelled = one.attrs.get("id") in named or one.inside("label") or one.attrs.get("aria-label")
        if not labelled and not one.attrs.get("aria-labelledby"):
            bare.append(f"field {one.attrs.get('name')} without a label")
    return bare


def _tokens(tree: Element, path: str) -> list[str]:
    return [
        f"form {form.attrs.get('action')} without a CSRF token"
        for form in tree.all("form")
        if form.attrs.get("method", "get").lower() == "post"
        and not WITHOUT_TOKEN.match(form.attrs.get("action") or path)
        and not any(one.attrs.get("name") == "csrf_token" for one in form.all("input"))
    ]
