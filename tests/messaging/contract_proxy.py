"""A proxy that holds both sides to a published OpenAPI file: what is asked, and what is answered."""

from __future__ import annotations

import http.client
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
ERROR_SCHEMA = {
    # the published file describes no error bodies; the provider's documentation of errors does
    "type": "object",
    "required": ["code", "message", "status"],
    "properties": {"code": {"type": "integer"}, "status": {"type": "integer"}, "message": {"type": "string"}},
}


class Contract:
    """The published file, asked for one call at a time. `check_*` give back what is wrong, in words."""

    def __init__(self, published: dict) -> None:
        self.published = published
        self.paths = [(_pattern(path), path, described) for path, described in published["paths"].items()]

    def operation(self, method: str, path: str) -> dict | None:
        for pattern, _, described in self.paths:
            if pattern.fullmatch(path) and method.lower() in described:
                return described[method.lower()]
        return None

    def check_request(self, method: str, target: str, headers, body: str) -> list[str]:
        address = urlsplit(target)
        operation = self.operation(method, address.path)
        if operation is None:
            return [f"{method} {address.path} is not published"]
        wrong = [] if headers.get("Authorization", "").startswith("Basic ") else ["no basic authorization"]
        asked = parse_qsl(address.query, keep_blank_values=True)
        known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
        properties = {name: one["schema"] for name, one in known.items()}
        required = [name for name, one in known.items() if one.get("required")]
        wrong += self._check_fields("query", asked, properties, required)
        form = operation.get("requestBody", {}).get("content", {}).get(FORM)
        if form is None:
            return wrong + (["a body where none is published"] if body else [])
        if headers.get("Content-Type", "").split(";")[0] != FORM:
            wrong.append("not a form")
        schema = self._plain(form["schema"])
        fields = parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body))
        return wrong + self._check_fields("form", fields, schema["properties"], schema.get("required", []))

    def check_answer(self, method: str, path: str, status: int, kind: str, body: bytes) -> list[str]:
        operation = self.operation(method, path)
        if operation is None:
            return []
        published = operation["responses"].get(str(status))
        schema = ERROR_SCHEMA if published is None else self._plain(published["content"][JSON]["schema"])
        if published is None and status < 400:
            return [f"status {status} is not published"]
        if kind.split(";", maxsplit=1)[0] != JSON:
            return [f"an answer of kind {kind}"]
        return self._faults("answer", json.loads(body), schema)

    def _check_fields(self, where, fields, properties, required) -> list[str]:
        wrong = [f"{where}: {name} is missing" for name in required if name not in dict(fields)]
        for name, value in fields:
            if name not in properties:
                wrong.append(f"{where}: {name} is not published")
                continue
            schema = self._plain(properties[name])
            wrong += self._faults(f"{where} {name}", _typed(value, schema), schema)
        return wrong

    def _faults(self, where: str, value, schema) -> list[str]:
        return [
            f"{where} {fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(value)
        ]

    def _plain(self, schema):
        """As JSON schema says it: references resolved, `nullable` a type, nothing beyond what is listed."""
        if isinstance(schema, list):
            return [self._plain(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return self._plain(self.published["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        plain = {
            key: self._plain(value) for key, value in schema.items() if key not in {"example", "examples", "format"}
        }
        if plain.get("nullable") is True and isinstance(plain.get("type"), str):
            plain["type"] = [plain["type"], "null"]
        if isinstance(plain.get("properties"), dict) and plain.get("type") in ("object", ["object", "null"]):
            plain.setdefault("additionalProperties", False)
        return plain


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", path)
    return re.compile("".join("[^/]+?" if part.startswith("{") else re.escape(part) for part in parts))


def _typed(value: str, schema):
    """A form has only words; what they stand for is what the schema asks for."""
    kinds = schema.get("type", "string")
    if "integer" in kinds and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "boolean" in kinds and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if "array" in kinds:
        return [value]
    return value


class ContractProxy:
    """Stands between client and provider; `wrong` tells every departure from the contract, `seen` every call."""

    def __init__(self, contract: Contract, upstream: str) -> None:
        self.contract, self.wrong, self.seen = contract, [], []
        self.upstream = urlsplit(upstream).netloc
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def pass_on(self, method: str, target: str, headers, body: str) -> tuple[int, dict[str, str], bytes]:
        path = urlsplit(target).path
        self.wrong += self.contract.check_request(method, target, headers, body)
        upstream = http.client.HTTPConnection(self.upstream, timeout=10)
        kept = {name: value for name, value in headers.items() if name not in {"Host", "Connection"}}
        upstream.request(method, target, body or None, kept)
        answer = upstream.getresponse()
        content, kind = answer.read(), answer.headers.get("Content-Type", "")
        upstream.close()
        self.seen.append((method, answer.status))
        self.wrong += self.contract.check_answer(method, path, answer.status, kind, content)
        return answer.status, {"Content-Type": kind, "Retry-After": answer.headers.get("Retry-After", "")}, content


def _handler(proxy: ContractProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def log_message(self, *_) -> None:
            """Numbers stand in the query."""

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, headers, content = proxy.pass_on(self.command, self.path, self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
