"""All pages of the directory team: importing the modules adds their routes to the one blueprint."""

from portal.curation import imports, review
from portal.curation.blueprint import blueprint

__all__ = ["blueprint", "imports", "review"]
