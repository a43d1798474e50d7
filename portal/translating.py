"""Asks a translator of the operator's choice for words of listings, at night; off without HANDRAIL_TRANSLATOR_URL.

Speaks the JSON of LibreTranslate. What comes back is marked as a machine's wherever it is shown.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import requests

from i18n import catalog
from portal import own_words
from resources_db import machine_words
from resources_db.tenancy import system
from resources_db.vocab import ActorKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.wiring import Runtime
    from resources_db.machine_words import Translator

log = logging.getLogger(__name__)
TIMEOUT: Final = (5, 60)
CODES: Final = {"zh_Hans": "zh", "zh_Hant": "zt", "fil": "tl", "pt_BR": "pt"}
"""Where a translator calls a language otherwise than we do."""


class HttpTranslator:
    """POST {"q": [...], "source": "en", "target": "es", "format": "text"} gives {"translatedText": [...]}."""

    def __init__(self, url: str) -> None:
        self._url = url

    def translate(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        """Raises OSError when the answer is not one."""
        asked = {"q": list(texts), "source": source, "target": CODES.get(target, target), "format": "text"}
        answer = requests.post(self._url, json=asked, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json().get("translatedText")
        if not isinstance(found, list) or len(found) != len(texts):
            raise OSError("the translator gave another number of texts")
        return [str(text) for text in found]


def fill(runtime: Runtime, translator: Translator | None = None) -> int:
    """Translate what people lack most in each offered language; how many texts were kept. Does nothing when off."""
    if not runtime.settings.translator_url:
        return 0
    chosen = translator or HttpTranslator(runtime.settings.translator_url)
    return sum(_fill(runtime, chosen, one.code) for one in catalog.offered() if one.code != "en")


def _fill(runtime: Runtime, translator: Translator, lang: str) -> int:
    now = runtime.clock.now()
    with runtime.database.reading(system()) as session:
        sent = machine_words.to_send(session, lang, known=own_words.known, now=now)
    try:
        answers = machine_words.ask(translator, sent, lang)
    except (OSError, ValueError) as problem:
        log.warning("the translator did not answer", extra={"error": type(problem).__name__})
        return 0
    with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        return machine_words.keep(session, lang, answers, now=now)
