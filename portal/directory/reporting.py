"""Something is wrong here: said by whoever reads a listing. Staff's word counts at once, a stranger's is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx, limits, review_words
from portal.auth import current
from portal.auth.guards import public
from portal.auth.permissions import allows
from portal.directory.blueprint import blueprint
from resources_db import reviews
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.repositories import listings
from resources_db.tenancy import system
from resources_db.vocab import ReviewWhy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from resources_db.repositories.listing import Listing

MOST_WORDS: Final = 300


@blueprint.get("/listing/<key>/report")
@public
def report(key: str) -> ResponseReturnValue:
    """What is wrong, and a few words."""
    return _page(_listing(key))


@blueprint.post("/listing/<key>/report")
@public
def keep_report(key: str) -> ResponseReturnValue:
    """Keep it for the directory team. A stranger's word alone neither lowers a listing nor marks it."""
    listing = _listing(key)
    said, words = request.form.get("what", ""), request.form.get("words", "").strip()[:MOST_WORDS]
    if said not in {one.value for one in review_words.REPORTABLE}:
        return _page(listing, words=words, problem=_("Choose what is wrong."))
    why = ReviewWhy(said)
    if why is ReviewWhy.REPORTED and not words:
        return _page(listing, said=said, words=words, wordless=_("Say in a few words what is wrong."))
    member = current.member()
    staff = member is not None and allows("listing.propose", member.role)
    if not staff:
        limits.count(limits.PUBLIC_REPORT)
    with db.transaction(None if staff else system()) as session:
        reviews.open_review(
            session,
            service_id=listing.service_id,
            location_id=listing.location_id,
            why=why if staff else ReviewWhy.REPORTED,
            from_role="navigator" if staff else "public",
            note=words if staff else ". ".join(filter(None, (why.value.replace("_", " "), words))),
            now=db.now(),
        )
    return htmx.redirect(
        url_for("directory.listing", key=str(listing.key)), toast=_("Thank you. The directory team looks at it.")
    )


def _listing(key: str) -> Listing:
    try:
        wanted = ListingKey.parse(key)
    except BadListingKeyError:
        abort(404)
    with db.reading() as session:
        found = listings.get(session, wanted)
    if found is None:
        abort(404)
    return found


def _page(
    listing: Listing, *, said: str = "", words: str = "", problem: str = "", wordless: str = ""
) -> ResponseReturnValue:
    problems = [(name, text) for name, text in (("what", problem), ("words", wordless)) if text]
    return htmx.render(
        "directory/report.html",
        status=422 if problems else 200,
        listing=listing,
        choices=[(one.value, _choice(one)) for one in review_words.REPORTABLE],
        said=said,
        words=words,
        problems=problems,
        problem=problem,
        wordless=wordless,
        back=url_for("directory.listing", key=str(listing.key)),
    )


def _choice(why: ReviewWhy) -> str:
    return _("Something else") if why is ReviewWhy.REPORTED else review_words.why(why)
