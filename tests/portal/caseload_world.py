"""Dana's day for the tests of her pages: the cast, her browser, the send form, and time that passes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import consent, needs, release, texting
from referrals.consent import ConsentForm, Recipient
from resources_db.tenancy import system
from resources_db.vocab import (
    ConsentMethod,
    NeedSource,
    TextingLevel,
)
from tests import factories
from tests.pages import Browser


@pytest.fixture
def world(runtime, clock):
    """The standing cast; Rosa has one open need and has agreed to share and to texts."""
    with runtime.database.writing(system()) as session, session.begin():
        cast = factories.cast(session, clock())
        cast.dana.demo = True
        needs.add(
            session,
            patient_id=cast.rosa.id,
            org_id=cast.org.id,
            subneed="food_pantry",
            source=NeedSource.TALK,
            now=clock(),
        )
        agree(session, cast.rosa, clock())
        session.flush()
        session.expunge_all()
    return cast


def agree(session, patient, now):
    form = ConsentForm(
        recipients=(Recipient(domain="nutrition"),), method=ConsentMethod.VERBAL, language="es", witness="D. Reyes"
    )
    consent.record(session, patient_id=patient.id, form=form, now=now)
    texting.record(
        session, patient_id=patient.id, level=TextingLevel.NEUTRAL, how="spoken", language="es", now=now, welcome=False
    )


class Danas(Browser):
    """Sends the token of a page with every form, as a page of hers would."""

    csrf = ""

    def post(self, path, data=None, **how):
        return super().post(path, {"csrf_token": self.csrf, **(data or {})}, **how)


@pytest.fixture
def dana(app, world):
    app.config["PROPAGATE_EXCEPTIONS"] = True  # an error of ours shows its place, not the kind page
    browser = Danas(app)
    browser.be(world.dana)
    browser.csrf = browser.token("/today")
    return browser


def own_form(page):
    """The form of the page itself, not the one in the bar."""
    return next(form for form in page.forms if form.action == page.path and form.method == "post")


def key_of(listing):
    return f"{listing.service.id}.{listing.location.id}"


def send_form(dana, world, *listings):
    query = "&".join(f"listing={key_of(one)}" for one in listings or (world.food_bank,))
    page = dana.get(f"/patients/{world.rosa.id}/send?{query}")
    return page, page.form(f"/patients/{world.rosa.id}/send")


def press_send(dana, world, *listings):
    _page, form = send_form(dana, world, *listings)
    return dana.post(form.action, form.values())


def rows(runtime, model):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(model)).all()


def release_all(runtime, clock):
    clock.forward(seconds=11)
    with runtime.database.writing(system()) as session, session.begin():
        for batch_id in release.due_batches(session, now=clock()):
            release.release(session, batch_id, now=clock())
