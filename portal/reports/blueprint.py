"""The blueprint of the reports; its routes are in `views` and `gaps`."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
