"""What a place answered, on the patient's page, and the calendar file of a visit (RFC 5545), on both databases."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.patient import ics
from referrals import by, progress
from referrals.progress import Said
from resources_db.models.messages import Message
from resources_db.models.referrals import Referral, ReferralEvent
from resources_db.vocab import BusinessStatus, Reason, ReferralState
from tests.portal.link_world import send

S = ReferralState
NEW_YORK = "America/New_York"
DAY = date(2026, 12, 2)


@pytest.fixture
def sent(runtime, app, clock):
    return send(runtime, app, clock, code_needed=False)


@pytest.fixture
def token(sent):
    return sent.token("referral")


def answered(sent, to, **said):
    referral = sent.referral()
    sent.change(
        lambda session: progress.move(
            session, referral.id, to=to, by=by.AGENCY_LINK, key=to.value, now=sent.clock(), said=Said(**said)
        )
    )
    return sent.referral()


def page(browser, token, language="en"):
    return browser.get(f"/r/{token}?l={language}")


def calendar(browser, token, ref, language="en"):
    return browser.client.get(f"/r/{token}/visit/{ref}.ics?l={language}")


def unfolded(body: bytes) -> list[str]:
    assert body.endswith(b"\r\n")
    lines = body.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in body.replace(b"\r\n", b"")
    return re.sub(r"\r\n ", "", body.decode()).split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("state", "said", "words"),
    [
        (S.ACCEPTED, {}, "They can help. They will call you."),
        (S.WAITLISTED, {"reason": Reason.NO_CAPACITY}, "There is a wait at this place."),
        (
            S.NEEDS_CLIENT,
            {"business_status": BusinessStatus.NEEDS_DOCUMENTS, "text": "Proof of address"},
            "They need papers from you. Proof of address",
        ),
    ],
)
def test_the_page_says_what_the_place_answered(browser, sent, token, state, said, words):
    answered(sent, state, **said)
    assert words in " ".join(page(browser, token).text.split())


def test_a_bare_no_is_never_shown(browser, sent, token):
    before = page(browser, token).text
    answered(sent, S.DECLINED, reason=Reason.OUT_OF_AREA)
    assert page(browser, token).text == before


def test_a_visit_is_on_the_page_in_the_patients_language_with_a_file_for_the_calendar(browser, sent, token):
    referral = answered(sent, S.SCHEDULED, next_on=DAY, at_clock=time(14, 30))
    shown = page(browser, token, "es")
    assert "Tiene cita: miércoles 2 de diciembre, 2:30 p.m." in " ".join(shown.text.replace("\u202f", " ").split())
    assert shown.tree.all("a", href=f"/r/{token}/visit/{referral.ref}.ics?l=es")


def test_the_file_is_a_valid_calendar_with_the_zone_of_the_care_team(browser, sent, token):
    referral = answered(sent, S.SCHEDULED, next_on=DAY, at_clock=time(14, 30))
    response = calendar(browser, token, referral.ref)
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    assert 'filename="visit.ics"' in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    lines = unfolded(response.data)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    for name in ("VCALENDAR", "VTIMEZONE", "VEVENT"):
        assert lines.count(f"BEGIN:{name}") == lines.count(f"END:{name}") == 1
    for must in ("PRODID:", "UID:", "DTSTAMP:", "SUMMARY;LANGUAGE=en:Visit", "SEQUENCE:"):
        assert sum(line.startswith(must) for line in lines) == 1, must
    assert f"DTSTART;TZID={NEW_YORK}:20261202T143000" in lines
    assert f"TZID:{NEW_YORK}" in lines
    assert any("Hope Pantry" in line for line in lines if line.startswith("LOCATION:"))
    assert "Rosa" not in response.text
    assert "513-555-0148" not in response.text
    assert "food" not in response.text.casefold()


def test_a_visit_without_a_clock_time_is_a_whole_day(browser, sent, token):
    referral = answered(sent, S.SCHEDULED, next_on=DAY)
    lines = unfolded(calendar(browser, token, referral.ref).data)
    assert "DTSTART;VALUE=DATE:20261202" in lines
    assert "BEGIN:VTIMEZONE" not in lines


def test_a_sensitive_visit_names_no_place(browser, runtime, app, clock):
    sent = send(runtime, app, clock, need="counseling", domain="behavioral_health")
    referral = answered(sent, S.SCHEDULED, next_on=DAY, at_clock=time(14, 30))
    body = calendar(browser, sent.token("referral"), referral.ref).text
    assert "LOCATION" not in body
    assert "Hope" not in body


def test_a_changed_date_keeps_the_name_of_the_entry_and_counts_on(browser, sent, token):
    referral = answered(sent, S.SCHEDULED, next_on=DAY, at_clock=time(14, 30))
    first = unfolded(calendar(browser, token, referral.ref).data)
    sent.change(
        lambda session: progress.move(
            session, referral.id, to=S.SCHEDULED, by=by.AGENCY_LINK, key="b", now=sent.clock(),
            said=Said(next_on=DAY + timedelta(days=1), at_clock=time(9)),
        )
    )  # fmt: skip
    second = unfolded(calendar(browser, token, referral.ref).data)
    uids = [next(line for line in lines if line.startswith("UID:")) for lines in (first, second)]
    assert uids[0] == uids[1]
    counts = [int(next(line[9:] for line in lines if line.startswith("SEQUENCE:"))) for lines in (first, second)]
    assert counts[1] > counts[0]


def test_only_a_visit_ahead_behind_this_link_has_a_file(browser, sent, token, clock):
    referral = sent.referral()
    assert calendar(browser, token, referral.ref).status_code == 404
    referral = answered(sent, S.SCHEDULED, next_on=DAY, at_clock=time(14, 30))
    assert calendar(browser, token, "ZZZZ").status_code == 404
    assert calendar(browser, "x" * 22, referral.ref).status_code == 404
    assert calendar(browser, sent.token("agency_new"), referral.ref).status_code == 404
    clock.forward(days=10)
    assert calendar(browser, token, referral.ref).status_code == 404


def test_twenty_fetches_of_the_file_change_nothing(browser, sent, token):
    referral = answered(sent, S.SCHEDULED, next_on=DAY, at_clock=time(14, 30))
    before = len(sent.all(Message)), len(sent.all(ReferralEvent))
    for _ in range(20):
        calendar(browser, token, referral.ref)
    assert (len(sent.all(Message)), len(sent.all(ReferralEvent))) == before
    assert sent.one(Referral).version == referral.version


def visit(starts, zone=NEW_YORK, **changed):
    facts = {
        "uid": "a@b",
        "starts": starts,
        "zone": zone,
        "summary": "Visit",
        "description": "Call, now; or later\nthen",
        "location": "Ünïcode Straße " * 8,
        "language": "en",
        "sequence": 1,
        "now": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return ics.Visit(**{**facts, **changed})


@pytest.mark.parametrize("zone", [NEW_YORK, "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"])
@pytest.mark.parametrize("day", ["2026-07-04T12:00", "2026-12-02T12:00", "2026-11-01T12:30", "2027-03-14T12:30"])
def test_the_zone_in_the_file_gives_the_moment_of_the_visit(zone, day):
    moment = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    lines = unfolded(ics.file_of(visit(moment, zone)))
    wall = next(line.partition(":")[2] for line in lines if line.startswith("DTSTART;TZID="))
    local = datetime.fromisoformat(wall)
    assert local - offset_at(lines, local) == moment.astimezone(UTC).replace(tzinfo=None)


def offset_at(lines: list[str], local: datetime) -> timedelta:
    """As a calendar program reads the zone: the newest change before that wall time says what counts."""
    parts, part = [], None
    for line in lines:
        name, _, value = line.partition(":")
        if line in {"BEGIN:STANDARD", "BEGIN:DAYLIGHT"}:
            part = {}
        elif line in {"END:STANDARD", "END:DAYLIGHT"}:
            parts.append(part)
            part = None
        elif part is not None:
            part[name] = value
    begun = [one for one in parts if datetime.fromisoformat(one["DTSTART"]) <= local]
    offset = max(begun, key=lambda one: one["DTSTART"])["TZOFFSETTO"]
    sign = -1 if offset[0] == "-" else 1
    return sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]))


def test_commas_line_ends_and_long_letters_are_kept_whole():
    lines = unfolded(ics.file_of(visit(datetime(2026, 12, 2, 15, tzinfo=UTC))))
    assert r"DESCRIPTION;LANGUAGE=en:Call\, now\; or later\nthen" in lines
    assert "LOCATION:" + "Ünïcode Straße " * 8 in lines


def test_an_agency_sets_day_and_time_and_can_change_them(browser, sent):
    agency = f"/r/{sent.token('agency_new')}"
    page = browser.submit(browser.get(agency).form("/agency/open"))
    browser.submit(page.form("/agency/answer"), answer="yes")
    for day, clock_time in (("2", "14:30"), ("9", "09:15")):
        step = browser.submit(browser.get(agency).form("/agency/answer"), answer="scheduled")
        browser.submit(step.form("/agency/answer"), month="12", day=day, year="2026", clock=clock_time)
    referral = sent.referral()
    assert referral.next_at.astimezone(ZoneInfo(NEW_YORK)) == datetime(2026, 12, 9, 9, 15, tzinfo=ZoneInfo(NEW_YORK))


@pytest.mark.parametrize("typed", ["25:00", "noon", "9"])
def test_a_time_that_is_none_is_said_and_what_was_typed_is_kept(browser, sent, typed):
    agency = f"/r/{sent.token('agency_new')}"
    page = browser.submit(browser.get(agency).form("/agency/open"))
    browser.submit(page.form("/agency/answer"), answer="yes")
    step = browser.submit(browser.get(agency).form("/agency/answer"), answer="scheduled")
    form = step.form("/agency/answer")
    again = browser.submit(form, month="12", day="2", year="2026", clock=typed, expect=422)
    assert "There is no such day or time" in again.text
    assert again.tree.all("input", name="day")[0].attrs["value"] == "2"
    assert sent.referral().next_on is None
