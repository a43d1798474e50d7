"""An answer of search as a JSON document: what /api/search and `handrail search --json` give back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import need_words, search_words, urgent_words

if TYPE_CHECKING:
    from datetime import datetime

    from portal.finding import Found
    from resources_db.base import JsonDict
    from resources_db.repositories.listing import Listing
    from search.answer import Facets, Hit, Order


def document(found: Found, now: datetime) -> JsonDict:
    """The answer, with its words in the current language. Public facts of listings only."""
    answer = found.answer
    return {
        "understood": [
            {"need": item.need, "label": need_words.need(item.need), "confidence": item.confidence}
            for item in answer.understood
        ],
        "instead": [{"need": need, "label": need_words.need(need)} for need in answer.instead],
        "corrections": [{"typed": one.typed, "read": one.read} for one in answer.corrections],
        "constraints": [{"field": item.field, "value": item.value} for item in answer.constraints],
        "urgent": [
            {"kind": one.kind, "text": one.text, "call": [call.number for call in one.calls]}
            for one in urgent_words.urgent(answer)
        ],
        "place": {"label": answer.place.label, "about": True} if answer.place else None,
        "total": answer.total,
        "facets": _facets(answer.facets),
        "hits": [_hit(hit, listing, now) for hit, listing in found.pairs],
        "browse": dict(answer.browse),
        "relaxed": [{"step": step.step.value, "text": search_words.relaxed(step)} for step in answer.relaxed],
        "degraded": answer.degraded,
    }


def _facets(facets: Facets) -> JsonDict:
    return {
        "need": dict(facets.need),
        "domain": dict(facets.domain),
        "language": dict(facets.language),
        "open_now": facets.open_now,
        "has_room": facets.has_room,
        "no_papers": facets.no_papers,
        "by_phone": facets.by_phone,
        "cost": dict(facets.cost),
        "distance": dict(facets.distance),
        "checked": dict(facets.checked),
        "room": dict(facets.room),
    }


def _hit(hit: Hit, listing: Listing, now: datetime) -> JsonDict:
    status = listing.open_status(now)
    return {
        "service_id": str(listing.service_id),
        "location_id": str(listing.location_id) if listing.location_id else None,
        "name": listing.name,
        "organization": listing.organization_name,
        "needs": list(listing.needs),
        "distance_m": round(hit.distance_m) if hit.distance_m is not None else None,
        "about": hit.about,
        "serves_area": hit.serves_area,
        "open": {
            "state": status.state.value,
            "until": status.until.isoformat() if status.until else None,
            "opens_at": status.opens_at.isoformat() if status.opens_at else None,
        },
        "why": [search_words.sentence(reason) for reason in hit.why],
        "reasons": [reason.code.value for reason in hit.why],
        "score": round(hit.score, 4),
        "order": _order(hit.order) if hit.order else None,
    }


def _order(order: Order) -> JsonDict:
    """Why a hit stands where it stands, in numbers: need x sum of weight x value x penalties + named."""
    return {
        "need": round(order.need, 4),
        "parts": [{"name": part.name, "weight": part.weight, "value": round(part.value, 4)} for part in order.parts],
        "penalties": dict(order.penalties),
        "named": order.named,
    }
