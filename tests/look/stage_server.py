"""Serves the pages of tests/look on this machine under the real content policy, with answers that go wrong on purpose."""

from __future__ import annotations

from threading import Thread

from flask import Flask, Response, request, send_from_directory
from werkzeug.serving import make_server

from i18n.catalog import use_language
from portal.dev.samples import SAMPLES
from portal.security import content_security_policy
from tests.look.stage import STATIC, stage


class StageServer:
    """`.url` answers until `stop()`; `failing` makes the fragment route answer 500."""

    def __init__(self) -> None:
        self.failing = False
        self.posts: list[str] = []
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> StageServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        quiet, env = stage(demo=True), stage(demo=True, words=[("/undo", "Done: Tariq W.")])

        @app.get("/static/<path:name>")
        def static(name: str) -> Response:
            return send_from_directory(STATIC, name)

        @app.get("/favicon.ico")
        def no_icon() -> Response:
            return Response(status=204)

        @app.get("/note.txt")
        def note() -> Response:
            return Response("Rosa M.\nFood: Hope Pantry", mimetype="text/plain")

        @app.route("/part", methods=["GET", "POST"])
        def part() -> Response:
            if self.failing:
                return Response("broken", 500)
            html = '<div id="part"><h2 tabindex="-1" data-focus>3 places</h2></div>'
            return Response(html, headers={"HX-Trigger": '{"toast": {"message": "Snoozed", "undo": "/undo"}}'})

        @app.post("/<path:name>")
        def post(name: str) -> Response:
            self.posts.append(name)
            return Response(status=204)

        @app.get("/<path:name>")
        def page(name: str) -> Response:
            with use_language(request.args.get("l", "en"), exact=True):
                # a toast lies over the page for ten seconds, which axe would take for its lasting state
                template = (quiet if "quiet" in request.args else env).get_template(f"{name}.html")
                return Response(template.render(samples=SAMPLES), mimetype="text/html")

        @app.after_request
        def policy(response: Response) -> Response:
            response.headers["Content-Security-Policy"] = content_security_policy()
            return response

        return app
