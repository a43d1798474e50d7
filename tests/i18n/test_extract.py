import io

import pytest
from jinja2 import TemplateSyntaxError

from i18n import extract, sources

CODE = b"""
from i18n.catalog import gettext as _, ngettext, lazy_gettext, patient
from i18n.catalog import patient as words
from resources_db.models import patient as row

# Translators: a button
_("Send")
ngettext("%(num)s text", "%(num)s texts", 3)
lazy_gettext("Phone")
_(name)
patient.gettext("Call")
words.pgettext("sms", "Here is help: %(link)s")
row.gettext("not ours")
translator.gettext("not ours either")
"""


def _python(reader):
    return [(name, text) for _line, name, text, _comments in reader(io.BytesIO(CODE), (), ("Translators:",), {})]


def test_staff_and_patient_texts_of_one_module_go_to_their_own_domains():
    assert _python(extract.python_messages) == [
        ("gettext", "Send"),
        ("ngettext", ("%(num)s text", "%(num)s texts", None)),
        ("gettext", "Phone"),
    ]
    assert _python(extract.python_patient) == [
        ("gettext", "Call"),
        ("pgettext", ("sms", "Here is help: %(link)s")),
    ]


def test_the_comment_above_a_text_goes_to_the_translator():
    first = next(iter(extract.python_messages(io.BytesIO(CODE), (), ("Translators:",), {})))
    assert first[3] == ["Translators: a button"]


def test_a_patient_row_called_patient_is_not_a_text():
    code = b"from i18n.catalog import gettext\npatient.gettext('x')\n"
    assert list(extract.python_patient(io.BytesIO(code), (), (), {})) == []


def test_a_short_name_given_in_the_module_belongs_to_its_domain():
    code = b"from i18n.catalog import patient\n_ = patient.gettext\n_('Where')\n"
    found = list(extract.python_patient(io.BytesIO(code), (), (), {}))
    assert [text for _line, _name, text, _comments in found] == ["Where"]
    assert list(extract.python_messages(io.BytesIO(code), (), (), {})) == []


def test_templates_are_told_apart_by_the_name_of_the_call():
    page = b'{{ _("Send") }}{{ p_("Call") }}{{ pp_("sms", "Hi") }}{% trans %}\n  Today\n{% endtrans %}'
    staff = [t for _l, _f, t, _c in extract.template_messages(io.BytesIO(page), (), (), {})]
    people = [t for _l, _f, t, _c in extract.template_patient(io.BytesIO(page), (), (), {})]
    assert staff == ["Send", "Today"]
    assert people == ["Call", ("sms", "Hi")]


def test_a_broken_template_fails_the_extraction():
    with pytest.raises(TemplateSyntaxError):
        list(extract.template_messages(io.BytesIO(b"{% if %}"), (), (), {}))


def test_writing_a_catalog_twice_gives_the_same_bytes(tmp_path):
    path = tmp_path / "es.po"
    catalog = sources.merged(sources.read(path, "es"), sources.template("patient"))
    sources.write(path, catalog)
    before = path.read_bytes()
    sources.write(path, sources.merged(sources.read(path, "es"), sources.template("patient")))
    assert path.read_bytes() == before
    assert b"POT-Creation-Date" not in before


def test_a_short_name_behind_a_cast_is_followed_too():
    code = b"from i18n.catalog import lazy_gettext\n_ = cast('Callable[[str], str]', lazy_gettext)\n_('Cell phone')\n"
    found = list(extract.python_messages(io.BytesIO(code), (), ("Translators:",), {}))
    assert [text for _line, _name, text, _comments in found] == ["Cell phone"]
