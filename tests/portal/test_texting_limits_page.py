"""Limits and hours of texts are told in words before Send is pressed."""

from dataclasses import replace
from datetime import time

import pytest

from messaging import outbox
from messaging.quiet_hours import Window
from messaging.settings import Limits
from resources_db.base import new_id
from resources_db.tenancy import system
from resources_db.vocab import MessageState
from tests.portal.caseload_world import send_form

ROSA = "+15135550148"


@pytest.fixture(autouse=True)
def everyday(runtime):
    """The limits of a real installation: the demo's are wide."""
    allow(runtime, Limits())


def allow(runtime, limits, **more):
    settings = replace(runtime.messenger.settings, limits=limits, **more)
    runtime._messenger = replace(runtime.messenger, settings=settings)


def had(runtime, world, clock, times, *, to=ROSA, segments=1, **facts):
    """Texts that went out already."""
    with runtime.database.writing(system()) as session, session.begin():
        for _ in range(times):
            message = outbox.enqueue_text(
                session, org_id=world.org.id, to=to, body="hola", lang="es", purpose="referral",
                subject_kind="send_batch", subject_id=new_id(), dedupe_key=new_id().hex, now=clock(), **facts,
            )  # fmt: skip
            message.state, message.segments = MessageState.DELIVERED, segments


def shown(dana, world):
    return send_form(dana, world)[0].text


def test_without_a_limit_in_the_way_nothing_is_said(dana, world):
    page = shown(dana, world)
    assert "9:00 AM to 8:00 PM where Rosa lives" in page
    assert "as many texts" not in page
    assert "text parts" not in page


def test_the_hours_of_the_installation_are_told(dana, world, runtime):
    allow(runtime, Limits(), hours=Window(time(11), time(16)))
    page = shown(dana, world)  # ten in the morning in Cincinnati
    assert "the text goes out Mon, Nov 23 at 11:00 AM" in page


def test_a_full_day_of_a_number_is_told_with_the_time_the_text_waits_for(dana, world, runtime, clock):
    had(runtime, world, clock, 3)
    page = shown(dana, world)
    assert "Rosa has had as many texts as a day allows: 3." in page
    assert "The text waits and goes out Tue, Nov 24 at 9:00 AM" in page


def test_a_full_month_of_a_number_says_call_instead(dana, world, runtime, clock):
    for _ in range(3):
        had(runtime, world, clock, 2)
        clock.forward(days=1)
    dana.be(world.dana)
    page = shown(dana, world)
    assert "Rosa has had as many texts as we promised for 30 days: 6." in page
    assert "The text would come too late, so none goes out. Call, or print the list." in page


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(user_a_day=2), "You have sent as many texts as one person may in a day: 2."),
        (Limits(team_parts_a_day=2), "Your care team has used its 2 text parts of today."),
        (Limits(org_segments_a_day=2), "Your organization has used its 2 text parts of today."),
        (Limits(site_parts_a_day=2), "All organizations here have together used the 2 text parts of today."),
    ],
)
def test_an_amount_used_up_is_told(dana, world, runtime, clock, limits, words):
    allow(runtime, limits)
    had(runtime, world, clock, 2, created_by=world.dana.id)
    page = shown(dana, world)
    assert words in page
    assert "goes out Tue, Nov 24 at 9:00 AM" in page


def test_an_amount_nearly_used_up_is_told_and_the_text_leaves(dana, world, runtime, clock):
    allow(runtime, Limits(org_segments_a_day=100))
    had(runtime, world, clock, 2, segments=40)
    page = shown(dana, world)
    assert "Your organization has used 80 of 100 text parts today." in page
    assert "goes out" not in page
