"""The blueprint of the reports; its routes are in `views`, `gaps` and `directory`."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
