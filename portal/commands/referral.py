"""`handrail referral`: one referral, looked at and moved through the one door. Nothing of a person is printed."""

from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from portal import wiring
from portal.caseload.learned import REFUSED
from portal.config import Settings
from referrals import events, lifecycle, notices, progress, reasons
from referrals.by import By
from referrals.errors import ChangedMeanwhileError, MoveRefusedError
from referrals.progress import Said
from resources_db import audit, migrate
from resources_db.models.referrals import Referral
from resources_db.models.tenants import Org
from resources_db.tenancy import act_as, system
from resources_db.vocab import Channel, Reason, ReferralState, Side

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.wiring import Runtime

STATES = click.Choice([state.value for state in lifecycle.RULES])
REASONS = click.Choice([reason.value for reason in Reason])


@click.group("referral")
def referral() -> None:
    """One referral, by the four letters that staff and agency say on the phone."""


@referral.command("show")
@click.argument("ref")
@click.option("--org", "org_name", default="", help="The care organization, where several use the same letters.")
def show(ref: str, org_name: str) -> None:
    """Where it stands, how it got there, and where it may go."""
    runtime = _open()
    try:
        with runtime.database.reading(system()) as session:
            _print(session, _find(session, ref, org_name))
    finally:
        runtime.close()


@referral.command("move")
@click.argument("ref")
@click.option("--to", "to", type=STATES, required=True)
@click.option("--reason", type=REASONS, help="Why: for a no, a wait or a withdrawal.")
@click.option("--said-by", default="", help="Who at the agency said it, such as “phone: Denise”.")
@click.option("--text", default="", help="A few words about the reason, where it is other.")
@click.option("--date", "day", default="", help="The day of an appointment: year-month-day.")
@click.option("--org", "org_name", default="", help="The care organization, where several use the same letters.")
@click.option("--key", default="", help="The same key again moves nothing: for scripts that may run twice.")
def move(ref: str, to: str, reason: str | None, said_by: str, text: str, day: str, org_name: str, key: str) -> None:
    """Move it through the one door; a step that is not allowed is refused with the reason."""
    said = Said(reason=Reason(reason) if reason else None, text=text, next_on=_day(day))
    runtime = _open()
    try:
        with runtime.database.writing(system()) as session, session.begin():
            _move(session, runtime, _find(session, ref, org_name), ReferralState(to), said, said_by, key)
    except MoveRefusedError as error:
        refusal = error.refusal
        possible = ", ".join(state.value for state in refusal.possible) or "nothing"
        raise click.ClickException(
            f"{REFUSED[refusal.code]} It is {refusal.state.value}; possible: {possible}."
        ) from None
    except ChangedMeanwhileError as error:
        raise click.ClickException(f"Somebody was faster: it is {error.state.value} now. Look at it again.") from None
    finally:
        runtime.close()


def _move(
    session: Session, runtime: Runtime, found: Referral, to: ReferralState, said: Said, said_by: str, key: str
) -> None:
    now = runtime.clock.now()
    act_as(session, system(found.org_id))
    who = By(Side.NAVIGATOR, Channel.CLI, said_by.strip())
    moved = progress.move(
        session, found.id, to=to, by=who, key=key or f"cli:{secrets.token_hex(8)}", now=now, said=said
    )
    audit.record(session, action="referral.cli", subject_kind="referral", subject_id=found.id, now=now)
    if moved.already:
        click.echo("Done before with this key: nothing was changed.")
    click.echo(f"{moved.referral.ref} is {moved.referral.state.value} now.")


def _print(session: Session, found: Referral) -> None:
    act_as(session, system(found.org_id))
    click.echo(f"{found.ref}  {notices.agency_name(session, found)}  {found.state.value}  version {found.version}")
    for event in events.of(session, found.id):
        step = f"{event.from_state.value} -> {event.to_state.value}" if event.from_state and event.to_state else ""
        why = f"  ({event.reason.value})" if event.reason else ""
        when = event.recorded_at.isoformat(timespec="minutes")
        click.echo(
            f"  {event.seq:>3}  {when}  {event.kind.value}  {step}{why}  {event.side.value} by {event.channel.value}"
        )
    possible = lifecycle.next_moves(found.state, Side.NAVIGATOR)
    click.echo("may go to: " + (", ".join(state.value for state in possible) or "nothing, it has ended"))
    for state in possible:
        codes = reasons.allowed(state, Side.NAVIGATOR)
        if codes:
            click.echo(f"  {state.value} needs a reason: {', '.join(code.value for code in codes)}")


def _find(session: Session, ref: str, org_name: str) -> Referral:
    query = select(Referral).join(Org, Org.id == Referral.org_id).where(Referral.ref == ref.strip().upper())
    if org_name:
        query = query.where(Org.name == org_name)
    found = session.scalars(query).all()
    if not found:
        raise click.ClickException("No referral has these letters.")
    if len(found) > 1:
        raise click.ClickException("Several organizations use these letters: name one with --org.")
    return found[0]


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise click.ClickException("Type the date as year-month-day.") from None


def _open() -> Runtime:
    runtime = wiring.build(Settings.from_env())
    migrate.require_head(runtime.database.engine)
    runtime.open_keys()
    return runtime
