"""The area a listing serves: lists, a pasted shape, a picture of it, and what is not known said beside its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import area_words, tabs
from portal.curation.blueprint import blueprint
from resources_db import publishing, service_areas
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Service
from resources_db.publishing import NotFoundError
from resources_db.service_areas import AreaConflictError, AreaWords
from search import area_texts
from search.area_texts import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

HERE = "here"
FIELDS = ("whole", "zip_codes", "counties", "states", "shape")


@blueprint.get("/areas/<key>")
@needs("listing.edit")
def areas_of(key: str) -> ResponseReturnValue:
    """Whom the listing serves, in lists and as a picture. The area of this place wins over that of the service."""
    wanted = ListingKey.parse(key)
    with db.reading() as session:
        here = request.args.get("of", "") == HERE if "of" in request.args else _has_own(session, wanted)
        return _page(session, wanted, here=here)


@blueprint.post("/areas/<key>")
@needs("listing.edit")
def save_area(key: str) -> ResponseReturnValue:
    """Keep what was typed; a shape is mended where that is certain."""
    wanted, form = ListingKey.parse(key), request.form
    here = form.get("of", "") == HERE and wanted.location_id is not None
    read = area_texts.read(
        Typed(
            form.get("zip_codes", ""),
            form.get("counties", ""),
            form.get("states", ""),
            form.get("nationwide") == "on",
            form.get("shape", ""),
        )
    )
    if not read.is_good:
        with db.reading() as session:
            return _page(session, wanted, here=here, typed=form, errors=area_words.errors(read), status=422)
    spec = read.spec
    area = AreaWords(
        spec.zip_codes, spec.counties, spec.states, spec.nationwide, spec.polygon, form.get("text", "").strip()
    )
    version = form.get("version", 0, type=int)
    try:
        with db.transaction() as session:
            publishing.listing_of(session, wanted)
            service_areas.replace(session, wanted, area, here=here, seen_version=version, now=db.now())
    except NotFoundError:
        return htmx.redirect(url_for("curation.to_check"), toast=_("This listing is gone."))
    except AreaConflictError:
        errors = {"whole": _("Somebody changed this listing meanwhile. Look at it again, then save.")}
        with db.reading() as session:
            return _page(session, wanted, here=here, typed=form, errors=errors, status=409)
    said = _("Saved. The shape was mended; look at the picture.") if read.mended else _("Saved.")
    return htmx.redirect(url_for("curation.areas_of", key=key, of=HERE if here else "service"), toast=said)


def _has_own(session: Session, key: ListingKey) -> bool:
    return key.location_id is not None and not service_areas.of(session, key, here=True).says_nothing


def _page(
    session: Session,
    key: ListingKey,
    *,
    here: bool,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    try:
        listing = publishing.listing_of(session, key)
    except NotFoundError:
        return htmx.redirect(url_for("curation.to_check"), toast=_("This listing is gone."))
    kept = service_areas.of(session, key, here=here)
    return htmx.render(
        "curation/areas.html",
        status=status,
        tabs=tabs.tabs("to_check"),
        listing=listing,
        key=str(key),
        here=here,
        has_place=key.location_id is not None,
        values=area_words.values(kept, typed),
        wrong={**dict.fromkeys(FIELDS, ""), **(errors or {}), "any": bool(errors)},
        picture=area_words.picture(kept.shape),
        told=area_words.told(kept),
        version=session.get_one(Service, key.service_id).version,
    )
