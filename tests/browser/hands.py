"""A person at work whose steps are counted: each key, each click, each tap, and a sentence typed in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class Hands:
    """`done` is the number of interactions so far."""

    page: Page
    done: int = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.done += 1

    def say(self, sentence: str) -> None:
        self.page.keyboard.type(sentence)
        self.done += 1

    def click(self, thing: Locator) -> None:
        thing.click()
        self.done += 1

    def tap(self, thing: Locator) -> None:
        thing.tap()
        self.done += 1
