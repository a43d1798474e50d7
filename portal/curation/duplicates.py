"""Pairs that may be one record: the queue, both side by side, merging with undo, telling apart."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import duplicate_words, tabs
from portal.curation.blueprint import blueprint
from resources_db import duplicate_pairs, merging
from resources_db.duplicates import KINDS, LIKELY, MAYBE
from resources_db.merge_checks import MergeError, better_first, preview
from resources_db.models.upkeep import DuplicatePair
from resources_db.vocab import PairState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

A_PAGE: Final = 50
MOST_AT_ONCE: Final = 200


@blueprint.get("/duplicates")
@needs("listing.approve")
def duplicates() -> ResponseReturnValue:
    """The pairs that wait, the surest first."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    offset = max(request.args.get("start", 0, type=int), 0)
    with db.reading() as session:
        pairs = duplicate_pairs.waiting(session, kind=kind, limit=A_PAGE + 1, offset=offset)
        names = duplicate_pairs.names(session, pairs)
        counts = duplicate_pairs.counts(session)
    rows = [duplicate_words.pair_row(pair, names) for pair in pairs[:A_PAGE]]
    return htmx.render(
        "curation/duplicates.html",
        tabs=tabs.tabs("duplicates"),
        kind=kind,
        kinds=[
            (one, str(duplicate_words.KIND_WORDS[one]), sum(counts.get((one, band), 0) for band in (LIKELY, MAYBE)))
            for one in KINDS
        ],
        groups=[
            (str(words), [row for row in rows if row.likely is (band == LIKELY)])
            for band, words in duplicate_words.BAND_WORDS.items()
        ],
        total=sum(counts.values()),
        more=url_for("curation.duplicates", kind=kind or None, start=offset + A_PAGE) if len(pairs) > A_PAGE else "",
    )


@blueprint.get("/duplicates/<uuid:pair_id>")
@needs("listing.approve")
def duplicate(pair_id: uuid.UUID) -> ResponseReturnValue:
    """Both records side by side; `keep` names the one that stays."""
    with db.reading() as session:
        pair = session.get(DuplicatePair, pair_id)
        if pair is None:
            abort(404)
        if pair.state is not PairState.OPEN:
            return htmx.redirect(url_for("curation.duplicates"), toast=_("This pair has been decided already."))
        return _pair_page(session, pair, _kept_first(session, pair, request.args.get("keep", "")))


@blueprint.post("/duplicates/<uuid:pair_id>/merge")
@needs("listing.approve")
def merge_pair(pair_id: uuid.UUID) -> ResponseReturnValue:
    """Make them one: the record named by `keep` stays, with the fields picked from the other."""
    picked = frozenset(name for name in duplicate_words.LABELS if request.form.get(f"pick.{name}") == "second")
    try:
        with db.transaction() as session:
            pair = session.get(DuplicatePair, pair_id)
            if pair is None:
                abort(404)
            if pair.state is not PairState.OPEN:
                return htmx.redirect(url_for("curation.duplicates"), toast=_("This pair has been decided already."))
            kept, gone = _kept_first(session, pair, request.form.get("keep", ""))
            ahead = _next(session, pair)
            merged = merging.merge(session, pair.kind, kept, gone, from_gone=picked, now=db.now())
            undo = url_for("curation.undo_merge", merge_id=merged.id)
    except MergeError as refusal:
        return htmx.redirect(
            url_for("curation.duplicate", pair_id=pair_id), toast=str(duplicate_words.REFUSED[refusal.code])
        )
    return htmx.redirect(ahead, toast=_("Merged. The old address leads here now."), undo_url=undo)


@blueprint.post("/duplicates/merges/<uuid:merge_id>/undo")
@needs("listing.approve")
def undo_merge(merge_id: uuid.UUID) -> ResponseReturnValue:
    """Two records again, as they were."""
    try:
        with db.transaction() as session:
            merging.undo(session, merge_id, now=db.now())
    except MergeError as refusal:
        if refusal.code == "not_found":
            abort(404)
        return htmx.redirect(url_for("curation.merges"), toast=str(duplicate_words.REFUSED[refusal.code]))
    return htmx.redirect(url_for("curation.merges"), toast=_("Taken back. Both stand as they were."))


@blueprint.get("/duplicates/merges")
@needs("listing.approve")
def merges() -> ResponseReturnValue:
    """The merges of the last 90 days."""
    now = db.now()
    with db.reading() as session:
        rows = [
            (
                str(row.id),
                row.before.get("gone", ""),
                row.before.get("survivor", ""),
                formatting.ago(row.at, now),
                row.undone_at,
            )
            for row in merging.newest(session, now=now)
        ]
    return htmx.render("curation/merges.html", tabs=tabs.tabs("duplicates"), rows=rows)


@blueprint.post("/duplicates/not-same")
@needs("listing.approve")
def not_same() -> ResponseReturnValue:
    """These pairs are not the same: one from its page, or many from the list."""
    ids = _ids(request.form.getlist("pair"))
    if not ids:
        return htmx.redirect(url_for("curation.duplicates"), toast=_("Choose at least one pair."))
    with db.transaction() as session:
        pair = session.get(DuplicatePair, ids[0])
        ahead = _next(session, pair) if pair and request.form.get("then") == "next" else url_for("curation.duplicates")
        told = duplicate_pairs.tell_apart(session, ids, now=db.now())
    undo = url_for("curation.same_again", pair=[str(one) for one in told]) if told else None
    return htmx.redirect(ahead, toast=duplicate_words.merged_word(len(told)), undo_url=undo)


@blueprint.post("/duplicates/open-again")
@needs("listing.approve")
def same_again() -> ResponseReturnValue:
    """Put pairs back into the queue that were told apart a moment ago."""
    ids = _ids(request.args.getlist("pair"))
    with db.transaction() as session:
        duplicate_pairs.reopen(session, ids, now=db.now())
    there = url_for("curation.duplicate", pair_id=ids[0]) if len(ids) == 1 else url_for("curation.duplicates")
    return htmx.redirect(there, toast=_("Back in the list."))


def _ids(texts: Sequence[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in texts[:MOST_AT_ONCE]]
    except ValueError:
        abort(400)


def _kept_first(session: Session, pair: DuplicatePair, keep: str) -> tuple[uuid.UUID, uuid.UUID]:
    both = pair.first_id, pair.second_id
    if keep in map(str, both):
        return both if keep == str(both[0]) else (both[1], both[0])
    return better_first(session, pair.kind, *both)


def _next(session: Session, pair: DuplicatePair) -> str:
    ahead = duplicate_pairs.after(session, pair)
    return url_for("curation.duplicate", pair_id=ahead.id) if ahead else url_for("curation.duplicates")


def _pair_page(session: Session, pair: DuplicatePair, ids: tuple[uuid.UUID, uuid.UUID]) -> ResponseReturnValue:
    kept, gone = ids
    seen = preview(session, pair.kind, kept, gone)
    if seen.refused in ("not_found", "same"):
        return htmx.redirect(url_for("curation.duplicates"), toast=str(duplicate_words.REFUSED[seen.refused]))
    rows = duplicate_words.compared(session, pair.kind, ids)
    return htmx.render(
        "curation/duplicate.html",
        tabs=tabs.tabs("duplicates"),
        pair=duplicate_words.pair_row(pair, duplicate_pairs.names(session, [pair])),
        kind=pair.kind,
        sides=duplicate_words.sides(session, pair.kind, ids),
        differ=[row for row in rows if not row.same],
        same=[row.label for row in rows if row.same],
        moves=duplicate_words.moved(seen.moves),
        refused=str(duplicate_words.REFUSED[seen.refused]) if seen.refused else "",
        band=str(duplicate_words.BAND_WORDS[pair.band]),
        swap=url_for("curation.duplicate", pair_id=pair.id, keep=str(gone)),
        later=_next(session, pair),
    )
