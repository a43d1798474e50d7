"""Keeping the bundles: make one, change, copy, put away, bring back. For supervisors and administrators."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import bundle_forms, bundle_words
from portal.caseload.blueprint import blueprint
from portal.caseload.bundle_forms import BundleForm
from referrals import bundles
from referrals.bundle_forms import SHIPPED
from referrals.bundles import BundleChangedError
from referrals.errors import BadInputError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from referrals.bundle_forms import Item
    from referrals.bundles import Kit


@blueprint.get("/bundles")
@needs("bundle.edit")
def bundle_list() -> ResponseReturnValue:
    """All bundles of the organization, and those that were put away."""
    with db.reading() as session:
        rows = [_row(kit) for kit in bundles.of_org(session)]
        away = [_row(kit) for kit in bundles.of_org(session, retired=True)]
    return htmx.render("caseload/bundle_list.html", rows=rows, away=away)


@blueprint.get("/bundles/new")
@needs("bundle.edit")
def new_bundle() -> ResponseReturnValue:
    """An empty form."""
    return _page(None, _form(), ())


@blueprint.post("/bundles/new")
@needs("bundle.edit")
def add_bundle() -> ResponseReturnValue:
    """Keep a new bundle."""
    form, items = _form(), bundle_forms.items(request.form)
    if "more" in request.form:
        return _page(None, form, items)
    try:
        with db.transaction() as session:
            bundles.create(session, form.said(items), now=db.now())
    except BadInputError as error:
        return _page(None, form, items, problem=error, status=422)
    return _back(_("Bundle saved."))


@blueprint.get("/bundles/<uuid:bundle_id>")
@needs("bundle.edit")
def edit_bundle(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """The bundle as it stands, to be changed."""
    with db.reading() as session:
        kit = bundles.get(session, bundle_id)
    return _page(kit, bundle_forms.of(kit), kit.items)


@blueprint.post("/bundles/<uuid:bundle_id>")
@needs("bundle.edit")
def change_bundle(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the change; the second of two people who change it keeps what they typed and is told."""
    form, items = _form(), bundle_forms.items(request.form)
    with db.reading() as session:
        kit = bundles.get(session, bundle_id)
    if "more" in request.form:
        return _page(kit, form, items)
    version = request.form.get("version", default=0, type=int)
    try:
        with db.transaction() as session:
            bundles.change(session, bundle_id, form.said(items), version=version, now=db.now())
    except BundleChangedError:
        return _page(kit, form, items, changed=True, status=409)
    except BadInputError as error:
        return _page(kit, form, items, problem=error, status=422)
    return _back(_("Bundle saved."))


@blueprint.post("/bundles/<uuid:bundle_id>/copy")
@needs("bundle.edit")
def copy_bundle(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """A bundle of one's own that begins like this one; its form opens."""
    with db.transaction() as session:
        name = bundle_words.name(bundles.get(session, bundle_id))
        made = bundles.copy(session, bundle_id, name=name, now=db.now())
    return htmx.redirect(url_for("caseload.edit_bundle", bundle_id=made.id), toast=_("Copied. Change what you like."))


@blueprint.post("/bundles/<uuid:bundle_id>/retire")
@needs("bundle.edit")
def retire_bundle(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """Offer it no longer; one tap brings it back."""
    with db.transaction() as session:
        bundles.retire(session, bundle_id, now=db.now())
    undo_url = url_for("caseload.restore_bundle", bundle_id=bundle_id)
    return htmx.redirect(url_for("caseload.bundle_list"), toast=_("Put away."), undo_url=undo_url)


@blueprint.post("/bundles/<uuid:bundle_id>/restore")
@needs("bundle.edit")
def restore_bundle(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """Offer it again."""
    with db.transaction() as session:
        bundles.bring_back(session, bundle_id, now=db.now())
    return _back(_("Back on the list."))


def _row(kit: Kit) -> dict[str, object]:
    return {
        "id": kit.id,
        "name": bundle_words.name(kit),
        "needs": bundle_words.needs(kit),
        "plan": bundle_words.plan(kit),
        "sample": bool(kit.shipped),
    }


def _back(words: str) -> ResponseReturnValue:
    return htmx.redirect(url_for("caseload.bundle_list"), toast=words)


def _form() -> BundleForm:
    form = BundleForm(request.form if request.method == "POST" else None)
    form.offer()
    return form


def _page(
    kit: Kit | None,
    form: BundleForm,
    items: tuple[Item, ...],
    *,
    problem: BadInputError | None = None,
    changed: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    words = bundle_forms.problem(problem.field, problem.problem) if problem else ""
    where = {"items": "need-0"}.get(problem.field, problem.field) if problem else ""
    shipped = kit.shipped if kit is not None else ""
    return htmx.render(
        "caseload/bundle_form.html",
        status=status,
        form=form,
        kit=kit,
        title=bundle_words.name(kit) if kit is not None else "",
        rows=bundle_forms.rows(items),
        choices=bundle_forms.choices(),
        filters=bundle_forms.filters(),
        problems=[(where, words)] if problem else [],
        changed=bundle_forms.changed_meanwhile() if changed else "",
        own_name=str(bundle_words.NAMES[shipped]) if shipped in SHIPPED else "",
    )
