"""What each member beside HSDS says: for the profile, the API document and docs/api.md."""

from __future__ import annotations

from typing import Final

from resources_db.hsds.fields import OBJECTS
from resources_db.hsds.records import FILLED, NEVER

_ADDED: Final = {
    "service": ("x_availability", "x_confirmed", "x_translations"),
    "service_at_location": ("x_availability",),
    "location": ("x_address_text", "x_addresses", "x_confirmed"),
    "phone": ("x_extension",),
    "organization": (FILLED,),
    "program": (FILLED,),
    "taxonomy": (FILLED,),
    "taxonomy_term": (FILLED,),
    "metadata": ("x_at",),
}
WORDS: Final = {
    "x_access": "How to start: walk_in, call_first, appointment, referral_only or online.",
    "x_accepts_sms": "Whether the number takes texts; absent when nobody knows.",
    "x_address_text": "The parts of an address that are known, when the standard would refuse it.",
    "x_addresses": "Addresses without a part the standard requires, as they are; never of a protected place's street.",
    "x_alert_from": "First day of the alert.",
    "x_alert_until": "Last day of the alert.",
    "x_also_serves": "Needs that are met too, as ids of our list.",
    "x_at": "The moment of the change; last_action_date has the day only.",
    "x_availability": "The newest word about room that still counts: state, until, weeks, said_by (a role), said_at, "
    "counts_until.",
    "x_call_first": "People are asked to call before they come.",
    "x_closed": "These days or hours are closed.",
    "x_closes_next_day": "Closing time is on the day after.",
    "x_confidentiality": "area_only: the place is told by city and the first three digits of its ZIP only.",
    "x_confirmed": "For each group of fields (contact, hours, place, who_can_go, what, capacity) when somebody last "
    "said that it is right, and how.",
    "x_confirmed_at": "When somebody last said that the record is right; an edit is no such word.",
    "x_confirmed_method": "How: agency_link, sms_reply, phone_call, visit, website or import.",
    "x_cost_kind": "free, sliding, fee or insurance; absent when unknown.",
    "x_counties": "Counties served, as FIPS codes or names with a state.",
    "x_delivery": "Where help is given: site, home, phone or online.",
    "x_e164": "The number as it is dialled, with the country code.",
    "x_extension": "An extension that is no number.",
    "x_filled": "Required members the source left empty; they repeat the name and say nothing new.",
    "x_geocode_quality": "How near the point is: rooftop, street, zip, city or state; absent when there is none.",
    "x_geocode_source": "Who found the point.",
    "x_holiday": "The holiday this row is about, each year.",
    "x_kind": "regular, holiday, exception or event.",
    "x_nationwide": "Serves the whole country.",
    "x_needs": "Needs that are met, the main ones first, as ids of our list.",
    "x_needs_origin": "Whether a source, a taxonomy or our reading of the words named the needs.",
    "x_original_text": "Opening hours as the source wrote them.",
    "x_parse_confidence": "How sure the reading of that text is, 0 to 1; below 0.9 never say that a place is open.",
    "x_sensitive": "Show with neutral words, and nothing on a lock screen.",
    "x_short_code": "A short number such as 211 or 988.",
    "x_states": "States served.",
    "x_takes_referrals": "false: nobody is sent there through us.",
    "x_timezone": "IANA time zone of the place; opens_at and closes_at have its offset on the first day of the row.",
    "x_translations": "Texts in other languages that a person has read, by language and field.",
    "x_vanity": "The number in letters, as it is advertised.",
    "x_zip_codes": "ZIP codes served.",
}


def by_object() -> dict[str, dict[str, str]]:
    """Each object's added members with what they say."""
    found: dict[str, dict[str, str]] = {}
    for kind in OBJECTS.values():
        ours = {field.name for field in kind.fields if field.ours} - NEVER | {*_ADDED.get(kind.name, ())}
        if ours:
            found[kind.name] = {name: WORDS[name] for name in sorted(ours)}
    return found
