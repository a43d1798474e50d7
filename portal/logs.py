"""Log lines as JSON from a short list of keys: what is not on the list (names, phones, addresses) is not written."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

from flask import g, has_request_context, request

from portal.auth import current

ALLOWED: Final = ("permission", "error", "ms", "outcome", "status", "job", "count", "row_id")
MASKS: Final = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[mail]"),
    (re.compile(r"\+?\d[\d\s().-]{7,}\d"), "[number]"),
    (re.compile(r"\b[0-9A-Za-z_-]{22,}\b"), "[token]"),
)
QUIET: Final = ("twilio", "dbos", "waitress", "sqlalchemy", "alembic")


class Lines(logging.Formatter):
    """One record, one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: when, what, where, who by id; the text masked as a second net."""
        line: dict[str, object] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            **_request_facts(),
            **{key: value for key in ALLOWED if (value := getattr(record, key, None)) is not None},
        }
        if record.exc_info and record.exc_info[2]:
            line["where"] = [
                f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=True)


def masked(text: str) -> str:
    """`text` without anything that looks like a mail address, a phone number or a token."""
    for pattern, shown in MASKS:
        text = pattern.sub(shown, text)
    return text


def init(level: int = logging.WARNING) -> None:
    """Write our log lines to standard error, and quiet the packages that would log what people typed."""
    logger = logging.getLogger("handrail")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines())
        logger.addHandler(handler)
        logger.propagate = False
    logger.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _request_facts() -> dict[str, object]:
    if not has_request_context():
        return {}
    person = current.member()
    return {
        "request": g.get("request_id"),
        "route": request.url_rule.rule if request.url_rule else None,
        "method": request.method,
        "actor": str(person.user_id) if person else None,
        "org": str(person.org_id) if person else None,
    }
