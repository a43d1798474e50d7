"""Makes the Flask app: parts, guards, languages, templates, pages. An app with an unguarded view does not start."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import errors, locale, logs, security, templating, wiring
from portal.auth import guards, handed_over, setup
from portal.auth.guards import Kind, Policy
from portal.auth.sessions import DatabaseSessions

if TYPE_CHECKING:
    from portal.config import Settings
    from portal.wiring import Runtime

PAGES: Final = (
    "portal.health",
    "portal.links",
    "portal.auth.views",
    "portal.auth.people",
    "portal.directory.views",
    "portal.directory.saved",
    "portal.caseload.views",
    "portal.patient.views",
    "portal.screening.views",
    "portal.screening.alone",
    "portal.intake.asking",
    "portal.intake.queue",
    "portal.agency.views",
    "portal.curation.views",
    "portal.reports.views",
    "portal.admin.views",
    "portal.sms.webhooks",
    "portal.sms.simulator",
    "portal.api.search",
    "portal.api.openapi",
    "portal.api.hsds",
    "portal.api.fhir",
    "portal.dev.gallery",
)
"""Modules with a `blueprint` of pages."""


def create_app(settings: Settings, runtime: Runtime | None = None) -> Flask:
    """The app of an installation; `runtime` lets a caller share parts it already has."""
    app = Flask("portal", root_path=str(Path(__file__).parent), template_folder=str(templating.TEMPLATES))
    parts = runtime or wiring.build(settings)
    app.extensions[wiring.EXTENSION] = parts
    app.secret_key = parts.secret_key
    templating.prepare(app)
    logs.init()
    Htmx(app)
    app.session_interface = DatabaseSessions(parts)
    security.init(app)
    locale.init(app)
    handed_over.init(app)
    errors.init(app)
    setup.init(app)
    _register_pages(app)
    templating.init(app)
    guards.declare(app.view_functions["static"], Policy(Kind.PUBLIC, "static"))
    guards.refuse_unguarded(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _register_pages(app: Flask) -> None:
    for name in PAGES:
        blueprint = import_module(name).blueprint
        assert isinstance(blueprint, Blueprint)
        app.register_blueprint(blueprint)
