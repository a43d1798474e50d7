"""All pages of the directory team: importing the modules adds their routes to the one blueprint."""

from portal.curation import (
    duplicates,
    import_problems,
    import_report,
    import_sources,
    import_upload,
    imports,
    mapping_page,
    review,
    to_check,
)
from portal.curation.blueprint import blueprint

__all__ = [
    "blueprint",
    "duplicates",
    "import_problems",
    "import_report",
    "import_sources",
    "import_upload",
    "imports",
    "mapping_page",
    "review",
    "to_check",
]
