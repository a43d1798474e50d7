"""The blueprint of a care team's day; its routes are in the modules that `views` imports."""

from flask import Blueprint

blueprint = Blueprint("caseload", __name__)
