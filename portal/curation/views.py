"""All pages of the directory team: importing the modules adds their routes to the one blueprint."""

from portal.curation import (
    campaigns,
    confidential,
    duplicates,
    holidays,
    import_problems,
    import_report,
    import_sources,
    import_upload,
    imports,
    live,
    mapping_page,
    record,
    record_history,
    review,
    review_many,
    rules,
    to_check,
)
from portal.curation.blueprint import blueprint

__all__ = [
    "blueprint",
    "campaigns",
    "confidential",
    "duplicates",
    "holidays",
    "import_problems",
    "import_report",
    "import_sources",
    "import_upload",
    "imports",
    "live",
    "mapping_page",
    "record",
    "record_history",
    "review",
    "review_many",
    "rules",
    "to_check",
]
