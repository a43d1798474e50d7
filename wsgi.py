"""The WSGI entry point for servers such as gunicorn: `gunicorn wsgi:app`."""

from portal.app import create_app
from portal.config import Settings

app = create_app(Settings.from_env())
