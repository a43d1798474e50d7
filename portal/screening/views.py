"""All staff pages of screening: importing the modules adds their routes to the one blueprint."""

from portal.screening import asking, choosing, codes, result, site, site_map, tablet
from portal.screening.blueprint import blueprint

__all__ = ["asking", "blueprint", "choosing", "codes", "result", "site", "site_map", "tablet"]
