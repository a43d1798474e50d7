"""The blueprint of the directory team; its routes are in the modules that `views` imports."""

from flask import Blueprint

blueprint = Blueprint("curation", __name__)
