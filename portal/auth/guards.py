"""The guards of views. Every view carries exactly one; an app with a view without one does not start.

`needs("permission")` for staff, `public` for everybody, `link("purpose")` behind a link from a text or mail,
`webhook("provider")` for signed calls, `api("permission")` for programs, `demo_only` and `simulator_only` for the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from functools import wraps
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from flask import abort, current_app, request

from portal import db, errors
from portal.auth import current, fresh, link_guard
from portal.auth.permissions import allows, rule
from resources_db.vocab import LinkPurpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue

POLICY = "handrail_policy"
CHECK = "handrail_check"
WEBHOOKS = "handrail_webhooks"

View = TypeVar("View", bound="Callable[..., object]")


@unique
class Kind(StrEnum):
    """How a view is guarded."""

    NEEDS = "needs"
    PUBLIC = "public"
    LINK = "link"
    WEBHOOK = "webhook"
    API = "api"
    DEMO_ONLY = "demo_only"


@dataclass(frozen=True, slots=True)
class Policy:
    """The declared guard of one view; `what` is the permission, purposes or provider."""

    kind: Kind
    what: str = ""

    @property
    def cookieless(self) -> bool:
        """Whether the view proves its caller by something other than our session cookie."""
        return self.kind in {Kind.LINK, Kind.WEBHOOK, Kind.API}


class UnguardedViewError(RuntimeError):
    """A view has no guard, or two."""


class WebhookCheck(Protocol):
    """Says whether the current request truly comes from the provider."""

    def __call__(self) -> bool: ...


def needs(permission: str) -> Callable[[View], View]:
    """Signed-in staff whose role has `permission`; a fresh sign-in where the map asks for it."""
    wanted = rule(permission)

    def check() -> ResponseReturnValue | None:
        person = current.member()
        if person is None:
            return errors.sign_in_first()
        if not allows(permission, person.role):
            return errors.refused(permission)
        if wanted.fresh and not fresh.is_fresh(person):
            return errors.confirm_first()
        return None

    return _guard(Policy(Kind.NEEDS, permission), check)


def public(view: View) -> View:
    """Everybody, signed in or not."""
    return _guard(Policy(Kind.PUBLIC), lambda: None)(view)


def link(*purposes: str) -> Callable[[View], View]:
    """The holder of a link with one of these purposes; the view's `token` argument is the link."""
    wanted = tuple(LinkPurpose(purpose) for purpose in purposes)

    def check() -> ResponseReturnValue | None:
        return link_guard.open_link(wanted)

    return _guard(Policy(Kind.LINK, ",".join(wanted)), check)


def webhook(provider: str) -> Callable[[View], View]:
    """A provider whose signature the registered check accepts; nobody when no check is registered."""

    def check() -> ResponseReturnValue | None:
        checks: dict[str, WebhookCheck] = current_app.extensions.get(WEBHOOKS, {})
        trusted = checks.get(provider)
        if trusted is None or not trusted():
            abort(403)
        return None

    return _guard(Policy(Kind.WEBHOOK, provider), check)


def check_webhook_with(app: Flask, provider: str, check: WebhookCheck) -> None:
    """Register how calls of `provider` are checked."""
    app.extensions.setdefault(WEBHOOKS, {})[provider] = check


def api(permission: str) -> Callable[[View], View]:
    """A program. Without a secret it has what everybody has; API clients with secrets are not made yet."""

    def check() -> ResponseReturnValue | None:
        if not allows(permission, None):
            abort(401)
        return None

    return _guard(Policy(Kind.API, permission), check)


def demo_only(view: View) -> View:
    """Anybody, but only in the demo on loopback; elsewhere the page does not exist."""

    def check() -> ResponseReturnValue | None:
        settings = db.runtime().settings
        if not (settings.demo and settings.loopback):
            abort(404)
        return None

    return _guard(Policy(Kind.DEMO_ONLY), check)(view)


def simulator_only(view: View) -> View:
    """Anybody, but only where the phone simulator stands in for Twilio."""

    def check() -> ResponseReturnValue | None:
        if not db.runtime().settings.simulator:
            abort(404)
        return None

    return _guard(Policy(Kind.DEMO_ONLY, "simulator"), check)(view)


def declare(view: View, policy: Policy) -> View:
    """Name the policy of a view that guards itself (Flask-Security's own pages, static files)."""
    if hasattr(view, POLICY):
        msg = f"{view.__name__} has two guards"
        raise UnguardedViewError(msg)
    setattr(view, POLICY, policy)
    return view


def policy_of(app: Flask, endpoint: str | None) -> Policy | None:
    """The policy of an endpoint, if it has one."""
    return getattr(app.view_functions.get(endpoint or ""), POLICY, None)


def current_policy() -> Policy | None:
    """The policy of the view that answers this request."""
    return policy_of(current_app, request.endpoint)


def refusal() -> ResponseReturnValue | None:
    """What this request's guard answers instead of the view, if anything: for asking before a body is read."""
    check: Callable[[], ResponseReturnValue | None] | None
    check = getattr(current_app.view_functions.get(request.endpoint or ""), CHECK, None)
    return check() if check is not None else None


def refuse_unguarded(app: Flask) -> None:
    """Raise UnguardedViewError when any route has no guard; called at the end of the app's making."""
    missing = sorted({rule_.endpoint for rule_ in app.url_map.iter_rules() if policy_of(app, rule_.endpoint) is None})
    if missing:
        msg = f"views without a guard: {', '.join(missing)}"
        raise UnguardedViewError(msg)


def _guard(policy: Policy, check: Callable[[], ResponseReturnValue | None]) -> Callable[[View], View]:
    def guarded_by(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **named: object) -> object:
            refusal = check()
            return view(*args, **named) if refusal is None else refusal

        if hasattr(view, POLICY):
            msg = f"{view.__name__} has two guards"
            raise UnguardedViewError(msg)
        setattr(guarded, CHECK, check)
        return declare(cast("View", guarded), policy)

    return guarded_by
