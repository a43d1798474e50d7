"""What else we read of the provider before going live: the account, the service, its numbers, the cost of the month.

As provider_api.py: shapes as the twilio client reads them, no Flask.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from messaging.sms_text import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.sms.carrier import Carrier

NUMBER = "+15135550100"
MOST = 10_000
PRICE = Decimal("0.0083")
_MADE = "2026-01-05T15:00:00Z"


def resource(carrier: Carrier, path: str) -> dict[str, object] | None:
    """What stands at this address; None where nothing does."""
    account, service = carrier.account.sid, f"/v1/Services/{carrier.account.service_sid}"
    known = {
        f"/2010-04-01/Accounts/{account}.json": _account,
        f"/2010-04-01/Accounts/{account}/Usage/Records/ThisMonth.json": _usage,
        service: _service,
        f"{service}/PhoneNumbers": _numbers,
        f"{service}/Compliance/Usa2p": _campaigns,
    }.get(path)
    return known(carrier) if known else None


def _account(carrier: Carrier) -> dict[str, object]:
    return {
        "sid": carrier.account.sid,
        "friendly_name": "Phone simulator",
        "status": "active",
        "type": "Full",
        "owner_account_sid": carrier.account.sid,
        "date_created": "Mon, 05 Jan 2026 15:00:00 +0000",
        "date_updated": "Mon, 05 Jan 2026 15:00:00 +0000",
        "uri": f"/2010-04-01/Accounts/{carrier.account.sid}.json",
        "subresource_uris": {},
    }


def _service(carrier: Carrier) -> dict[str, object]:
    return {
        "sid": carrier.account.service_sid,
        "account_sid": carrier.account.sid,
        "friendly_name": "Handrail",
        "date_created": _MADE,
        "date_updated": _MADE,
        "inbound_request_url": carrier.account.inbound_url,
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "status_callback": None,
        "sticky_sender": True,
        "smart_encoding": False,
        "validity_period": 14_400,
        "use_inbound_webhook_on_number": False,
        "us_app_to_person_registered": True,
        "usecase": "notifications",
        "url": "",
        "links": {},
    }


def _numbers(carrier: Carrier) -> dict[str, object]:
    number = {
        "sid": "PN" + "0" * 32,
        "account_sid": carrier.account.sid,
        "service_sid": carrier.account.service_sid,
        "phone_number": NUMBER,
        "country_code": "US",
        "capabilities": ["SMS"],
        "date_created": _MADE,
        "date_updated": _MADE,
        "url": "",
    }
    return _page("phone_numbers", [number])


def _campaigns(carrier: Carrier) -> dict[str, object]:
    campaign = {
        "sid": "QE" + "0" * 32,
        "account_sid": carrier.account.sid,
        "messaging_service_sid": carrier.account.service_sid,
        "campaign_status": "VERIFIED",
        "date_created": _MADE,
        "date_updated": _MADE,
        "url": "",
    }
    return _page("compliance", [campaign])


def _usage(carrier: Carrier) -> dict[str, object]:
    first = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    texts = carrier.store.listed(sender=NUMBER, limit=MOST)
    segments = sum(measure(text.body).segments for text in texts if text.created >= first)
    record = {
        "category": "sms-outbound",
        "count": str(segments),
        "count_unit": "segments",
        "price": str(PRICE * segments),
        "price_unit": "usd",
        "usage": str(segments),
        "usage_unit": "segments",
        "account_sid": carrier.account.sid,
    }
    return {"usage_records": [record], "page": 0, "page_size": 50, "next_page_uri": None}


def _page(key: str, found: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {key: found, "meta": {"key": key, "page": 0, "page_size": 50, "next_page_url": None, "url": ""}}
