"""The HSDS 3.1 API at /hsds: the published directory for other systems. Public, read only, limited."""

from portal.api.hsds.views import blueprint

__all__ = ["blueprint"]
