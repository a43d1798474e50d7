"""The WSGI entry point for servers such as gunicorn: `gunicorn wsgi:app`, with `handrail worker` beside it."""

from portal import indexing, startup, warming, wiring
from portal.app import create_app
from portal.config import Settings

runtime = wiring.build(Settings.from_env())
startup.require_ready(runtime)
app = create_app(runtime.settings, runtime)
indexing.in_each_process(app, runtime)
warming.now()
