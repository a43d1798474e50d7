"""The simulated phone company as a server of its own: it outlives the product in fault tests.

In the demo the same API is mounted in the web process (`simulator.py`).
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from portal.sms import provider_api
from portal.sms.provider_api import Ending, Reply

if TYPE_CHECKING:
    from portal.sms.carrier import Carrier

MAIL_PATH = "/mail"
SILENCE_SECONDS = 20.0
BODY_CAP = 65_536


class PhoneServer:
    """Serves one phone company on loopback; `url` is what TWILIO_API_BASE is set to."""

    def __init__(self, carrier: Carrier, port: int = 0, host: str = "127.0.0.1") -> None:
        self.carrier = carrier
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer((host, port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="phone-server", daemon=True
        )

    @property
    def url(self) -> str:
        """Where the API is."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving; calls that wait in silence end."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Serve in this thread until stopped."""
        self._server.serve_forever()


def _handler(server: PhoneServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body leave apart; the second would wait for the caller's receipt

        def do_GET(self) -> None:
            self._reply(self._answer("GET", urlsplit(self.path).query))

        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_CAP)).decode()
            if urlsplit(self.path).path == MAIL_PATH:
                self._reply(_mail(server.carrier, body, self.headers.get("Authorization", "")))
                return
            self._reply(self._answer("POST", body))

        def log_message(self, *_: object) -> None:
            """Numbers stand in the query: nothing is logged."""

        def _answer(self, method: str, values: str) -> Reply:
            path, fields = urlsplit(self.path).path, dict(parse_qsl(values, keep_blank_values=True))
            return provider_api.answer(server.carrier, method, path, fields, self.headers.get("Authorization", ""))

        def _reply(self, reply: Reply) -> None:
            if reply.ending is Ending.SAY_NOTHING:
                server.ended.wait(SILENCE_SECONDS)
            if reply.ending is not Ending.ANSWER:
                self.close_connection = True
                return
            body = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _mail(carrier: Carrier, body: str, authorization: str) -> Reply:
    if not provider_api.is_ours(carrier, authorization):
        return provider_api.error("20003")
    carrier.store.add_mail(json.loads(body), carrier.product_now())
    return Reply(201, "{}")
