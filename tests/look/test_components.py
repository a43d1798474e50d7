"""Components: every stored word has its ring, every macro its place in the gallery, what people typed stays text."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField, validators
from wtforms.fields.choices import SelectChoice

from i18n.catalog import use_language
from portal.dev.samples import SAMPLES
from portal.icons import SHAPES, icon
from portal.parts import OpenWords, PlaceRow, Room, TodoRow, changed_pieces
from portal.reports import zip_map
from portal.reports.sheet import Line, Share, Table, Value
from referrals.figures import Rate
from referrals.metrics import Figure
from resources_db.vocab import CapacityState, MessageState, NeedStatus, ReferralState
from tests.look.stage import ROOT, stage

COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
# look.md, "Status words": the words and their colour families
WORDS = {
    "draft": ("Draft", "calm"), "sent": ("Sent", "wait"), "seen": ("Opened", "wait"), "accepted": ("Agency said yes", "wait"),
    "contacting": ("Trying to reach", "wait"), "scheduled": ("Date set", "wait"), "missed": ("Missed", "warn"),
    "needs_client": ("Needs papers", "warn"), "waitlisted": ("On a waitlist", "warn"), "receiving": ("Getting help", "good"),
    "partly_served": ("Got part of it", "good"), "served": ("Got help", "good"), "declined": ("Agency said no", "stop"),
    "not_served": ("Could not help", "stop"), "no_response": ("No answer", "calm"), "withdrawn": ("Stopped by us", "calm"),
    "disagree": ("They disagree", "warn"), "error": ("Made by mistake", "calm"),
}  # fmt: skip


@pytest.fixture(scope="module")
def env() -> Environment:
    return stage()


def shown(env: Environment, source: str, **context: object) -> str:
    return env.from_string(source).render(**context)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.mark.parametrize("state", [*ReferralState, "disagree"])
def test_a_referral_says_its_state_with_ring_word_and_colour(env: Environment, state: str) -> None:
    word, family = WORDS[state]
    html = shown(env, "{{ status.referral(state) }}", state=state)
    assert plain(html) == word
    assert f'class="st {family}"' in html
    assert "<svg" in html


@pytest.mark.parametrize("state", NeedStatus)
def test_every_state_of_a_need_has_a_word(env: Environment, state: str) -> None:
    assert plain(shown(env, "{{ status.need(state) }}", state=state))


@pytest.mark.parametrize("state", MessageState)
def test_every_state_of_a_text_has_a_word(env: Environment, state: str) -> None:
    assert plain(shown(env, "{{ status.message(state) }}", state=state))


@pytest.mark.parametrize("state", CapacityState)
def test_every_state_of_room_has_a_word(env: Environment, state: str) -> None:
    assert plain(shown(env, "{{ status.room(state) }}", state=state)) not in {"", "Room not known"}


def test_a_full_place_says_until_when_and_when_that_was_said(env: Environment) -> None:
    full = Room("full", until="Dec 1", said_at="Nov 23")
    assert plain(shown(env, "{{ status.room(full) }}", full=full)) == "Full until Dec 1 said Nov 23"


def test_room_that_nobody_told_is_not_known(env: Environment) -> None:
    assert plain(shown(env, "{{ status.room(none) }}")) == "Room not known"


@pytest.mark.parametrize(
    ("days", "words", "family"),
    [(0, "Checked today", "calm"), (1, "Checked 1 day ago", "calm"), (90, "Checked 90 days ago", "calm"),
     (91, "Not checked in 91 days", "warn"), (None, "Never checked", "warn")],
)  # fmt: skip
def test_freshness_turns_to_a_warning_after_ninety_days(
    env: Environment, days: int | None, words: str, family: str
) -> None:
    html = shown(env, "{{ status.fresh(days) }}", days=days)
    assert plain(html) == words
    assert f"st {family}" in html


def test_what_people_typed_is_never_markup(env: Environment) -> None:
    evil = '<script>alert(1)</script>"onclick="x'
    row = PlaceRow(
        1,
        evil,
        evil,
        evil,
        about=evil,
        why=evil,
        phone="+15135550142",
        open=OpenWords("open", evil),
        room=Room("full", until=evil),
    )
    html = shown(env, "{{ place(row) }}{{ todo(one) }}", row=row, one=TodoRow("1", evil, evil, evil, evil, evil, evil))
    assert "<script" not in html
    assert 'onclick="x"' not in html


def test_a_component_is_reached_although_a_variable_has_its_name(env: Environment) -> None:
    rows = SAMPLES["needs"]
    assert "Food" in shown(env, "{% for need in rows %}{{ parts.need(need) }}{% endfor %}", rows=rows)


class Everything(Form):
    phone = StringField("Phone", [validators.DataRequired("Type a phone number")], description="10 digits")
    note = TextAreaField("Note", [validators.Optional()])
    language = SelectField("Language", choices=[SelectChoice("es", "Spanish"), SelectChoice("en", "English")])
    wanted = RadioField("Help wanted", choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")])
    interpreter = BooleanField("Needs an interpreter")


def test_form_fields_have_label_hint_and_error_tied_to_them(env: Environment) -> None:
    form = Everything()
    form.validate()
    html = shown(env, "{{ errors.of(form) }}{% for one in form %}{{ field(one) }}{% endfor %}", form=form)
    assert 'aria-describedby="phone-hint phone-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<a href="#phone">Type a phone number</a>' in html
    assert html.count("<label") == len(re.findall(r"<(?:input|select|textarea)", html))


def test_a_form_without_errors_has_no_summary(env: Environment) -> None:
    assert shown(env, "{{ errors.of(form) }}", form=Everything()).strip() == ""


class Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"aria-labelledby", "aria-describedby", "for"}:
                self.wanted.update((value or "").split())


@pytest.mark.parametrize("code", ["en", "es", "ar", "yi"])
def test_the_gallery_is_whole_in_every_language(env: Environment, code: str) -> None:
    with use_language(code, exact=True):
        html = env.get_template("dev/ui.html").render(samples=SAMPLES)
    page = Ids()
    page.feed(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.wanted <= set(page.ids)
    assert f'dir="{"rtl" if code in {"ar", "yi"} else "ltr"}"' in html


def test_the_gallery_or_a_test_shows_every_macro(env: Environment) -> None:
    sources = [
        Path(__file__),
        ROOT / "templates" / "dev" / "ui.html",
        *COMPONENTS,
        *(ROOT / "templates" / "layouts").glob("*.html"),
    ]
    calls = re.sub(r"\{% macro \w+", "", "".join(file.read_text("utf-8") for file in sources))
    for file in COMPONENTS:
        for macro in env.parse(file.read_text("utf-8")).find_all(nodes.Macro):
            assert re.search(rf"\b{macro.name}\(", calls), f"{file.stem}.{macro.name}"


def test_every_drawing_that_is_named_exists() -> None:
    named = re.compile(r'icon\("([\w-]+)"|drawing="([\w-]+)"')
    for file in (ROOT / "templates").rglob("*.html"):
        for match in named.finditer(file.read_text("utf-8")):
            assert (match[1] or match[2]) in SHAPES, file


def test_a_drawing_is_silent_and_only_arrows_mirror() -> None:
    assert 'aria-hidden="true"' in icon("phone")
    assert "turn" in icon("back")
    assert "turn" not in icon("clock")


def test_only_what_differs_is_struck_or_underlined() -> None:
    was, now = changed_pieces("Mon to Fri. Sat closed", "Mon to Fri. Sat 10 to noon")
    assert [piece.text for piece in was if piece.changed] == ["closed"]
    assert [piece.text for piece in now if piece.changed] == ["10 to noon"]


def test_the_figures_of_a_report_stand_with_their_numbers_and_meaning(env: Environment) -> None:
    shown, hidden = Figure(Rate(40, 50), 50, 0), Figure(None, 50, 3, "most")
    share = Share("k", "Person was served", "The agency said so.", shown, before=hidden)
    page = env.from_string("{{ charts.share(one) }}{{ charts.shares([two]) }}{{ charts.value(three) }}").render(
        one=share,
        two=Share("h", "Agency answered", "Opening does not count.", hidden),
        three=Value("v", "Days", "From sending.", (("median", "Half within", 2.5, "2.5"),)),
    )
    for words in ("80%", "40 of 50", "The agency said so.", "80% or more", "All but fewer than 11 of 50", "2.5"):
        assert words in page, words
    assert 'role="img" aria-label="Person was served: 80.0%' in page


def test_a_table_of_a_report_is_drawn_and_has_the_same_numbers_beneath(env: Environment) -> None:
    lines = tuple(Line(f"2026-{month:02}", f"Month {month}", rate=Rate(20 + month, 60)) for month in (1, 2, 3))
    places = zip_map.draw({"45202": (20, 30), "45205": (30, 20)})
    table = Table("k", "Month", "Found.", "Month", lines, drawn="line", map=places, others=("A", "B"))
    page = env.from_string("{{ charts.report_table(table) }}").render(table=table)
    assert page.count('role="img"') == 2
    for words in ("45202", "35%", "36.7%", "38.3%", "Too few to show alone: A and B."):
        assert words in page, words
