"""A visitor of a running server: real HTTP, a cookie jar, forms as a browser without JavaScript sends them."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import requests

from tests.pages import Form, Page

WITHIN_SECONDS = 60


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def get(self, path: str, **query: object) -> Page:
        answer = self.session.get(urljoin(self.url, path), params=query, timeout=WITHIN_SECONDS)
        return self._page(answer)

    def submit(self, form: Form, **typed: object) -> Page:
        values = {**form.values(), **typed}
        if form.method == "get":
            return self.get(form.action, **values)
        address = urljoin(self.url, form.action)
        return self._page(self.session.post(address, data=values, timeout=WITHIN_SECONDS))

    def be(self, name: str) -> None:
        people = self.get("/dev/people")
        row = next(one for one in people.tree.all("li") if name in one.text)
        self.submit(Form(row.all("form")[0], people.path))

    @staticmethod
    def _page(answer: requests.Response) -> Page:
        parts = urlsplit(answer.url)
        assert answer.status_code < 500, f"{parts.path}: {answer.status_code}"
        return Page(answer, f"{parts.path}?{parts.query}" if parts.query else parts.path)  # type: ignore[arg-type]
