"""The blueprint of the agency's page and inbox; its routes are in the modules that `views` imports."""

from flask import Blueprint

blueprint = Blueprint("agency", __name__)
