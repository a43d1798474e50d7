"""The two blueprints of screening: staff's pages, and the pages of somebody who answers alone behind a link."""

from flask import Blueprint

blueprint = Blueprint("screening", __name__)
questions = Blueprint("questions", __name__)
"""Its words are patient words: it may speak a draft language (portal/locale.py)."""
