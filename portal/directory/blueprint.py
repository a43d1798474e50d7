"""The blueprint of the directory's public pages; its routes are in the modules that `views` imports."""

from flask import Blueprint

blueprint = Blueprint("directory", __name__)
