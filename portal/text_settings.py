"""What an operator may set about texts: the hours of a day and the amounts, read from one line each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from typing import Final

from messaging.quiet_hours import WIDEST, Window
from messaging.settings import Limits

HOURS: Final = re.compile(r"(\d{1,2})(?::([0-5]\d))?-(\d{1,2})(?::([0-5]\d))?", re.ASCII)
NAMES: Final = {
    "number-day": "number_a_day",
    "number-month": "number_in_30_days",
    "agency-day": "agency_number_a_day",
    "person-day": "user_a_day",
    "team-day": "team_parts_a_day",
    "org-day": "org_segments_a_day",
    "site-day": "site_parts_a_day",
}
MOST: Final = {"number-day": 6, "number-month": 6, "agency-day": 50}
"""Six a month is what the first text to a patient promises."""
MOST_ELSE: Final = 1_000_000


def hours(said: str, usual: Window) -> Window:
    """The hours of "9-20" or "9:30-19"; `usual` for an empty text. Raises ValueError when they are not possible."""
    if not said.strip():
        return usual
    read = HOURS.fullmatch(said.replace(" ", ""))
    if read is None:
        msg = "HANDRAIL_TEXT_HOURS must look like 9-20 or 9:30-19."
        raise ValueError(msg)
    try:
        opens, closes = time(int(read[1]), int(read[2] or 0)), time(int(read[3]), int(read[4] or 0))
    except ValueError:
        opens, closes = time.max, time.min
    if not WIDEST.opens <= opens < closes <= WIDEST.closes:
        msg = "HANDRAIL_TEXT_HOURS must lie between 8 and 21, the widest that the law allows."
        raise ValueError(msg)
    return Window(opens, closes)


def limits(said: str, usual: Limits) -> Limits:
    """The amounts of "number-day=2, team-day=500"; what is not said stays as usual. Raises ValueError."""
    changed: dict[str, int] = {}
    for part in (one.strip() for one in said.split(",")):
        if not part:
            continue
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in NAMES:
            msg = f"HANDRAIL_TEXT_LIMITS knows {', '.join(NAMES)} only."
            raise ValueError(msg)
        most = MOST.get(name, MOST_ELSE)
        if not (value.isascii() and value.isdigit()) or not 1 <= int(value) <= most:
            msg = f"HANDRAIL_TEXT_LIMITS: {name} must be a whole number from 1 to {most}."
            raise ValueError(msg)
        changed[NAMES[name]] = int(value)
    return replace(usual, **changed)


def problems(said_hours: str, said_limits: str) -> list[str]:
    """What is wrong with the two lines, as sentences."""
    found = []
    for read in (lambda: hours(said_hours, WIDEST), lambda: limits(said_limits, Limits())):
        try:
            read()
        except ValueError as error:
            found.append(str(error))
    return found
