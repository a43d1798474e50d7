"""Room that is said to last for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest

from resources_db import capacity
from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/New_York", "UTC", "Pacific/Kiritimati"])
@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_word_until_the_end_of_the_calendar_counts_and_breaks_nothing(zone: str, days: int) -> None:
    word = CapacityView(CapacityState.FULL, date.max - timedelta(days=days), "agency", NOW)
    assert capacity.current(word, now=NOW, timezone=zone).state == CapacityState.FULL
