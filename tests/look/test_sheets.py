"""The style sheets and the script: light, mirrored by themselves, and at peace with the content policy."""

import gzip
import re

import pytest

from tests.look.stage import STATIC

KB = 1024
SHEETS = ("site.css", "patient.css", "print.css")
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|float"
    r"|(?:min-|max-)?(?:width|height))\s*:|text-align:\s*(?:left|right)"
)


def rules(name: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"@media[^{]*\{", "", text)


@pytest.mark.parametrize(
    ("name", "most"), [("site.css", 10 * KB), ("patient.css", 1.5 * KB), ("print.css", 2 * KB), ("app.js", 3.5 * KB)]
)
def test_the_files_stay_light(name: str, most: float) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes(), 9)) <= most


@pytest.mark.parametrize("name", SHEETS)
def test_no_rule_knows_left_or_right(name: str) -> None:
    assert PHYSICAL.findall(rules(name)) == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_fetches_nothing(name: str) -> None:
    assert re.findall(r"url\(|@import|@font-face", rules(name)) == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_token_that_is_used_has_a_value(name: str) -> None:
    text = rules(name)
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= set(re.findall(r"(--[\w-]+):", text))


def test_dark_changes_every_colour_that_light_sets() -> None:
    light, dark = (rules("site.css").split(":root {")[number].split("}")[0] for number in (1, 2))
    colour = re.compile(r"(--[\w-]+):\s*#")
    assert set(colour.findall(light)) == set(colour.findall(dark)) - {"--lift"}


def test_the_sheet_answers_motion_forced_colours_and_print() -> None:
    text = (STATIC / "site.css").read_text("utf-8")
    for circumstance in ("prefers-reduced-motion: reduce", "forced-colors: active", "media print", "max-height: 30em"):
        assert circumstance in text


def test_the_script_makes_no_code_from_text_and_sets_no_styles() -> None:
    text = (STATIC / "app.js").read_text("utf-8")
    assert (
        re.findall(
            r"eval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|\.style\b|setTimeout\(['\"]", text
        )
        == []
    )
