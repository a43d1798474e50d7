"""Answers given from a list: the same answers as on the page of a referral, then back to the list."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, request

from portal import db, htmx
from portal.agency import given, page
from referrals import agency
from referrals.errors import ChangedMeanwhileError, MoveRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.agency_choices import Answer, Choice
    from referrals.by import By
    from resources_db.models.referrals import Referral
    from resources_db.tenancy import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """The list an answer is given from. `find` narrows the session to the referral and gives None for a foreign one."""

    find: Callable[[Session, uuid.UUID], tuple[Referral, By] | None]
    actor: Actor | None
    done: Callable[[str], ResponseReturnValue]
    """Back to the list, with the code of the referral that was answered."""
    changed: Callable[[str], ResponseReturnValue]
    """Back to the list: somebody was faster."""
    frame: str
    """The layout around the page of the one thing more."""
    context: dict[str, object]


def respond(place: Place) -> ResponseReturnValue:
    """Keep the answer, or ask the one thing it needs."""
    pressed = given.choice()
    if pressed is None:
        abort(404)
    try:
        said = given.answer(pressed)
    except ValueError:
        return _step(place, pressed, given.no_such_day())
    if given.incomplete(said):
        return _step(place, pressed, given.missing(said))
    try:
        return place.done(_keep(place, said))
    except MoveRefusedError as error:
        if error.refusal.code in given.TO_MEND:
            return _step(place, pressed, given.refused(error.refusal.code))
        return place.changed(_ref(place))
    except ChangedMeanwhileError:
        return place.changed(_ref(place))


def asked_id() -> uuid.UUID:
    """The referral a form of a list is about."""
    try:
        return uuid.UUID(request.form.get("referral", ""))
    except ValueError:
        abort(404)


def _keep(place: Place, said: Answer) -> str:
    with db.transaction(place.actor) as session:
        found = place.find(session, asked_id())
        if found is None:
            abort(404)
        referral, by = found
        key, seen = page.given_key(), request.form.get("seen")
        version = agency.version_meant(session, referral, seen, key)
        agency.say(session, referral, said, by=by, key=key, now=db.now(), version=version)
        return referral.ref


def _ref(place: Place) -> str:
    with db.reading(place.actor) as session:
        found = place.find(session, asked_id())
        return found[0].ref if found is not None else ""


def _step(place: Place, pressed: Choice, problem: str) -> ResponseReturnValue:
    from referrals.agency_choices import choices

    with db.reading(place.actor) as session:
        found = place.find(session, asked_id())
        if found is None:
            abort(404)
        referral = found[0]
        ref, possible = referral.ref, choices(referral.state)
    return htmx.render(
        "agency/list_step.html",
        block=None,
        status=422 if problem else 200,
        frame=place.frame,
        action=request.path,
        referral_id=asked_id(),
        ref=ref,
        choice=pressed.value,
        reasons=given.reasons_of(pressed, possible),
        problem=problem,
        key=page.given_key(),
        seen_value=request.form.get("seen", "")[: page.MOST_KEY],
        typed=given.typed(),
        **place.context,
    )
