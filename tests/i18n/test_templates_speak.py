"""Every word a template shows goes through a catalog: raw English between tags or in attributes is found here."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ENV = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
MADE_UP = {"dev/ui.html"}
"""The page of components shows invented rows, in the demo only."""
BY_LAW = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The notice of 42 CFR 2.32(a)(2), which has to stand in these words."""
NO_WORDS = {*"jkxcestpulngv", "Handrail", "Esc", "Enter", "STOP", "START", "AYUDA", "UTC", "LOINC"}
IN_A_TAG = re.compile(r"""[\w-]+=(["'])[^"']*\1|(?<!\S)-[a-z]+|(?<!\S)(?:narrow|big)(?!\S)""")
"""What a block or macro puts inside a tag: attributes, ends of ids, names of classes."""
SHOWN_ATTRIBUTE = re.compile(r"""\b(?:aria-label|title|placeholder|alt|aria-description)=(["'])([^"']*)\1""")
UNSEEN = re.compile(r"(?s)<!--.*?-->|<(script|style)\b.*?</\1>|<!doctype[^>]*>")
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def _skeleton(path):
    """The template with every expression and statement gone, in order, so that tags split by `{{ }}` close again."""
    tree = ENV.parse((TEMPLATES / path).read_text("utf-8"))
    return "".join(node.data for node in tree.find_all(nodes.TemplateData))


def _shown(html):
    html = UNSEEN.sub(" ", html)
    yield from (match[2] for match in SHOWN_ATTRIBUTE.finditer(html))
    yield from re.split(r"(?s)<[^>]*>", html)


OF_PATIENTS = ("patient/", "ask/", "screening/alone", "screening/_alone", "screening/paper")
"""Pages that a person in need reads: their words are patient words."""


def _words(text):
    plain = IN_A_TAG.sub(" ", re.sub(r"&#?\w+;", " ", text))
    return [word for word in re.findall(r"[^\W\d_]+", plain) if word not in NO_WORDS]


@pytest.mark.parametrize("path", PAGES)
def test_a_template_shows_no_word_of_its_own(path):
    if path in MADE_UP:
        return
    raw = [text.strip() for text in _shown(_skeleton(path)) if _words(text) and text.strip() != BY_LAW]
    assert raw == []


@pytest.mark.parametrize("path", PAGES)
def test_patient_templates_use_patient_words_only(path):
    source = (TEMPLATES / path).read_text("utf-8")
    if path.startswith(OF_PATIENTS) or path in {"layouts/patient.html", "caseload/print.html"}:
        staff = re.findall(r"""(?<![\w.])(?:_|ngettext|pgettext)\(\s*["']([^"']*)""", source)
        assert staff == []
    else:
        assert not re.search(r"(?<![\w.])p_\(", source) or path.startswith(("errors/", "layouts/", "components/"))


@pytest.mark.parametrize("path", PAGES)
def test_a_text_in_a_template_is_written_out_not_put_together(path):
    tree = ENV.parse((TEMPLATES / path).read_text("utf-8"))
    calls = [node for node in tree.find_all(nodes.Call) if isinstance(node.node, nodes.Name)]
    glued = [
        call for call in calls if call.node.name in {"_", "p_"} and isinstance(call.args[0], (nodes.Add, nodes.Concat))
    ]
    assert glued == []
