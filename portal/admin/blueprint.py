"""The blueprint of the administrators' pages; its routes are in the modules that `views` imports."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
