"""`handrail run`: one process that serves the pages and does the work in the background."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import click
from rich.console import Console

from portal.config import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from flask import Flask

    from portal.wiring import Runtime

console = Console(highlight=False)
REST_SECONDS = 1


@click.command("run")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (else PORT, else 8000).")
@click.option("--no-worker", is_flag=True, help="Serve pages only; `handrail worker` runs elsewhere.")
def run(port: int | None, *, no_worker: bool) -> None:
    """Serve Handrail. Without any setting: the demo, on this machine only."""
    settings = _settings(port)
    listener = _listen(settings)
    from portal import startup, wiring

    with startup.only_one(settings):
        runtime = wiring.build(settings)
        try:
            startup.prepare(runtime, _step)
            _serve(runtime, listener, with_worker=not no_worker)
        finally:
            runtime.close()
    _leave()


def _leave() -> None:
    """End the process now: all is stored and closed, and tidying the search columns out of memory only takes time."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _settings(port: int | None) -> Settings:
    return Settings.from_env({**os.environ, "PORT": str(port)} if port else None)


def _step(words: str, work: Callable[[], str | None]) -> None:
    with console.status(words):
        result = work()
    console.print(f"[green]✓[/green] {words}{': ' + result if result else ''}")


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        # Listening from now on: a second server is refused at once, and an early browser waits instead of failing.
        listener.listen(256)
    except OSError as error:
        listener.close()
        reason = error.strerror or "not possible"
        click.echo(
            f"Cannot listen on {settings.host}, port {settings.port} ({reason}). "
            f"Stop the other program, or choose another port: PORT={settings.port + 10} make run",
            err=True,
        )
        sys.exit(3)
    return listener


def _serve(runtime: Runtime, listener: socket.socket, *, with_worker: bool) -> None:
    from portal import housekeeping, indexing, warming
    from portal.app import create_app

    app = create_app(runtime.settings, runtime)
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask_to_stop)
    indexing.start(runtime)
    end_worker = _start_worker(runtime) if with_worker else None
    warming.start()
    end_server = _start_server(app, runtime.settings, listener)
    _greet(app, runtime)
    stop.wait()
    console.print("Stopping.")
    end_server()
    if end_worker:
        end_worker()
    indexing.stop()
    housekeeping.anchor(runtime)


def _start_server(app: Flask, settings: Settings, listener: socket.socket) -> Callable[[], None]:
    from waitress.server import BaseWSGIServer, create_server

    from portal.web_server import LARGEST_BODY, channels

    server = create_server(
        app,
        sockets=[listener],
        threads=settings.threads,
        ident="",
        max_request_header_size=32_768,
        max_request_body_size=LARGEST_BODY,
        channel_timeout=30,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
    )
    assert isinstance(server, BaseWSGIServer), "one socket makes one server"
    server.channel_class = channels(app)
    thread = threading.Thread(target=server.run, name="web", daemon=True)
    thread.start()

    def end() -> None:
        server.task_dispatcher.shutdown(timeout=REST_SECONDS)
        server.close()

    return end


def _start_worker(runtime: Runtime) -> Callable[[], None]:
    from portal import worker

    worker.start(runtime)
    return worker.stop


def _greet(app: Flask, runtime: Runtime) -> None:
    settings = runtime.settings
    console.print(f"\nHandrail is ready: [bold]{settings.public_url}[/bold]  (Ctrl-C stops it)")
    if not settings.demo:
        return
    from portal.auth.people import demo_people

    with app.app_context():
        people = demo_people()
    if people:
        console.print(f"Demo sign-ins, one click each at {settings.public_url}/dev/people:")
    for person in people:
        console.print(f"  {person.name}, {person.role}, {person.org_name}")
    if settings.simulator:
        console.print(f"No real texts are sent; the phones are at {settings.public_url}/dev/phone")
