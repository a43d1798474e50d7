"""Every text in every language, sent by the real client over HTTP: the phone shows the very letters that were written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from i18n import budgets, formatting, locales, sources
from i18n.catalog import patient, use_language
from messaging import sms_text
from messaging.transport import OutgoingText
from messaging.twilio_transport import TwilioTexts
from tests.conftest import NOW

LANGUAGES = sorted(
    code
    for code, one in locales.LANGUAGES.items()
    if one.status in {locales.CatalogState.COMPLETE, locales.CatalogState.DRAFT}
)
TEXTS = [message.id for message in sources.template("patient") if message.id and message.context == "sms"]
LIVE_NAMES = {"org": "Riverside Care", "staff": "José", "place": "Peña’s Pantry – 2nd St", "phone": "+15135550142"}


def _bodies(code):
    with use_language(code, exact=True):
        phone = formatting.phone(LIVE_NAMES["phone"])
        values = budgets.Longest({**budgets.LONGEST, **LIVE_NAMES, "phone": phone})
        return [sms_text.fold(patient.plain_context("sms", text) % values) for text in TEXTS]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_phone_shows_the_very_letters_that_were_written(settings, company, code):
    texts = TwilioTexts(settings)
    to, bodies = f"+1513555{2000 + LANGUAGES.index(code)}", _bodies(code)
    for body in bodies:
        texts.send(OutgoingText(to=to, body=body, status_url="http://127.0.0.1:9/sms/status?t=x&a=1"))
    shown = [text.body for text in company.store.texts_of(to)]
    assert shown == bodies
    assert sum(body.count("?") for body in shown) == sum(body.count("?") for body in bodies)
    listed = {one.body for one in texts.sent_to(to, NOW - timedelta(days=3650))}
    assert listed == set(bodies)


def test_marks_are_made_plain_and_letters_never():
    with use_language("vi", exact=True):
        written = "Peña’s “Chợ” – Đông… 𝟏 ở số\u00a01"
    assert sms_text.fold(written) == 'Peña\'s "Chợ" - Đông... 𝟏 ở số 1'
