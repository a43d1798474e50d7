"""`handrail user`: accounts of staff, for the first administrator and for emergencies."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from portal import wiring
from portal.auth.passwords import problems
from portal.auth.permissions import ROLES_OF
from portal.config import Settings
from resources_db import audit, migrate
from resources_db.base import new_id
from resources_db.models.tenants import AppUser, Membership, Org
from resources_db.tenancy import act_as, system
from resources_db.vocab import OrgKind, Role

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.wiring import Runtime


@click.group("user")
def user() -> None:
    """Accounts of staff."""


@user.command("create")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--org", "org_name", prompt="Organization", help="Its name; it is made when there is none.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in OrgKind]), default=OrgKind.CARE.value, show_default=True
)
@click.option("--role", type=click.Choice([role.value for role in Role]), prompt=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def create(email: str, name: str, org_name: str, kind: str, role: str, *, password_stdin: bool) -> None:
    """Make an account with a password. The person sets up the second factor at the first sign-in."""
    org_kind, org_role = OrgKind(kind), Role(role)
    if org_role not in ROLES_OF[org_kind]:
        raise click.ClickException(f"An organization of kind {kind} has no role {role}.")
    settings = Settings.from_env()
    if settings.demo:
        raise click.ClickException("The demo has no real accounts: set up an installation with HANDRAIL_DEMO=0.")
    runtime = wiring.build(settings)
    migrate.require_head(runtime.database.engine)
    runtime.open_keys()
    password = _password(name, email, from_stdin=password_stdin)
    hashed = _hashed(runtime, password)
    now = runtime.clock.real()
    with runtime.database.writing(system()) as session, session.begin():
        org = _org(session, runtime, org_name, org_kind, now)
        account = _account(session, email.strip().lower(), name, hashed, now)
        session.add(Membership(org_id=org.id, user_id=account.id, role=org_role, created_at=now, created_by=None))
        act_as(session, system(org.id))
        audit.record(
            session,
            action="user.create",
            subject_kind="app_user",
            subject_id=account.id,
            detail={"role": role},
            now=now,
        )
    click.echo(f"Made {email} in {org_name}. Sign in at {settings.public_url}/login and set up the authenticator app.")
    runtime.close()


def _password(name: str, email: str, *, from_stdin: bool) -> str:
    if from_stdin:
        typed = sys.stdin.readline().rstrip("\n")
    else:
        typed = click.prompt("Password (at least 15 characters)", hide_input=True, confirmation_prompt=True)
    wrong = problems(typed, (name, email.split("@", maxsplit=1)[0]))
    if wrong:
        raise click.ClickException(wrong[0])
    return str(typed)


def _hashed(runtime: Runtime, password: str) -> str:
    from flask_security.utils import hash_password

    from portal.app import create_app
    from portal.auth.passwords import Passwords

    app = create_app(runtime.settings, runtime)
    with app.app_context():
        return str(hash_password(Passwords(app).normalize(password)))


def _org(session: Session, runtime: Runtime, name: str, kind: OrgKind, now: datetime) -> Org:
    org = session.scalar(select(Org).where(Org.name == name))
    if org is None:
        org = Org(id=new_id(), kind=kind, name=name, created_at=now)
        session.add(org)
        session.flush()  # the key row points at the org
        runtime.vault.add_org(session, org.id)
    elif org.kind is not kind:
        raise click.ClickException(f"{name} is of kind {org.kind.value}: give --kind {org.kind.value}.")
    return org


def _account(session: Session, email: str, name: str, hashed: str, now: datetime) -> AppUser:
    if session.scalar(select(AppUser.id).where(AppUser.email == email)):
        raise click.ClickException(f"{email} has an account already.")
    account = AppUser(email=email, name=name, password=hashed, fs_uniquifier=secrets.token_hex(32), created_at=now)
    session.add(account)
    session.flush()  # the membership points at the account
    return account
