"""What imports are called on the pages: stages, steps, actions, kinds of records, and why a file was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from i18n.catalog import gettext
from i18n.catalog import lazy_gettext as _
from resources_db.vocab import ImportAction, ImportStage, ImportState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

RUNS: Final[Mapping[ImportState, tuple[str, str, LazyText]]] = {
    ImportState.PLANNED: ("wait", "ring-half", _("Dry run, nothing published")),
    ImportState.APPLIED: ("good", "ring-check", _("Applied")),
    ImportState.ROLLED_BACK: ("calm", "undo", _("Taken back")),
    ImportState.FAILED: ("stop", "ring-cross", _("Failed")),
}
STAGES: Final[Mapping[ImportStage, tuple[str, str, LazyText]]] = {
    ImportStage.WAITING: ("wait", "clock", _("Waits for its turn")),
    ImportStage.READING: ("wait", "ring-quarter", _("Being read")),
    ImportStage.READY: ("warn", "ring-half", _("Ready for your decision")),
    ImportStage.APPLYING: ("wait", "ring-three", _("Being applied")),
    ImportStage.DONE: ("good", "ring-check", _("Applied")),
    ImportStage.UNDOING: ("wait", "undo", _("Being taken back")),
    ImportStage.UNDONE: ("calm", "undo", _("Taken back")),
    ImportStage.FAILED: ("stop", "ring-cross", _("Not read")),
    ImportStage.CANCELLED: ("calm", "ring-cross", _("Cancelled")),
}
NEEDS_COLUMNS: Final = ("warn", "pen", _("Waits for its columns"))
"""Family, drawing and words of a file that cannot be read before somebody said what its columns are."""
HEADINGS: Final[Mapping[ImportStage, LazyText]] = {
    ImportStage.WAITING: _("Your file waits for its turn"),
    ImportStage.READING: _("Your file is being read"),
    ImportStage.READY: _("Your file has been read"),
    ImportStage.APPLYING: _("The import is being applied"),
    ImportStage.DONE: _("The import is applied"),
    ImportStage.UNDOING: _("The import is being taken back"),
    ImportStage.UNDONE: _("The import is taken back"),
    ImportStage.FAILED: _("Your file was not read"),
    ImportStage.CANCELLED: _("This file was given up"),
}
STEPS: Final[Mapping[str, LazyText]] = {
    "waiting": _("Another import is at work. This one goes on after it."),
    "reading": _("Reading the rows"),
    "checking": _("Checking each value"),
    "linking": _("Putting records together"),
    "comparing": _("Comparing with the directory"),
    "keeping": _("Writing the report"),
    "writing": _("Writing into the directory"),
}
ACTIONS: Final[Mapping[ImportAction, tuple[LazyText, LazyText]]] = {
    ImportAction.CREATE: (_("New"), _("Would be new")),
    ImportAction.UPDATE: (_("Changed"), _("Would be changed")),
    ImportAction.WITHDRAW: (_("Withdrawn"), _("Would be withdrawn")),
    ImportAction.SKIP: (_("Kept"), _("Would be kept as it is")),
    ImportAction.SAME: (_("Same"), _("The same as before")),
}
"""What happened to a record, and what would."""
REASONS: Final[Mapping[str, LazyText]] = {
    "missing_from_file": _("It is not in the file any more."),
    "confidential": _("Its place is confidential now."),
    "kept_confirmed": _("A person confirmed another value. It stays, and the new one waits under Changes."),
    "kept_source": _("A source that comes first says something else. It stays."),
    "merged": _("It was merged into another record."),
    "with_its_owner": _("The record it belongs to goes."),
    "placeholder": _("A placeholder that only staff see."),
}
KINDS: Final[Mapping[str, LazyText]] = {
    "organization": _("Organizations"),
    "program": _("Programs"),
    "service": _("Services"),
    "location": _("Places"),
    "service_at_location": _("Services at places"),
    "address": _("Addresses"),
    "contact": _("Contact persons"),
    "phone": _("Phones"),
    "schedule": _("Hours"),
    "service_area": _("Areas served"),
    "language": _("Languages"),
    "cost_option": _("Costs"),
    "required_document": _("Documents to bring"),
    "service_capacity": _("Numbers of places"),
    "accessibility": _("Access for disabilities"),
    "unit": _("Units"),
    "funding": _("Funding"),
    "url": _("Further websites"),
    "organization_identifier": _("Numbers of organizations"),
    "attribute": _("Categories"),
    "taxonomy": _("Lists of categories"),
    "taxonomy_term": _("Words of categories"),
    "metadata": _("History entries"),
    "meta_table_description": _("Descriptions of tables"),
}
ONE: Final[Mapping[str, LazyText]] = {
    "organization": _("Organization"),
    "program": _("Program"),
    "service": _("Service"),
    "location": _("Place"),
    "service_at_location": _("Service at a place"),
    "address": _("Address"),
    "contact": _("Contact person"),
    "phone": _("Phone"),
    "schedule": _("Hours"),
    "service_area": _("Area served"),
    "language": _("Language"),
    "cost_option": _("Cost"),
    "required_document": _("Document to bring"),
    "service_capacity": _("Number of places"),
    "accessibility": _("Access for disabilities"),
    "unit": _("Unit"),
    "funding": _("Funding"),
    "url": _("Website"),
    "organization_identifier": _("Number of an organization"),
    "attribute": _("Category"),
    "taxonomy": _("List of categories"),
    "taxonomy_term": _("Word of a category"),
    "metadata": _("History entry"),
    "meta_table_description": _("Description of a table"),
}
COLUMNS: Final[Mapping[str, LazyText]] = {
    "access": _("How to get in"),
    "cost_kind": _("Kind of cost"),
    "delivery": _("Where it is given"),
    "visibility": _("Who sees it"),
    "kind": _("Kind"),
    "freq": _("How often"),
    "closes_next_day": _("Closes the next day"),
    "valid_from": _("From"),
    "valid_to": _("Until"),
    "timezone": _("Time zone"),
    "location_type": _("Kind of place"),
    "address_type": _("Kind of address"),
    "geocode_quality": _("How exact the place is"),
    "confidentiality": _("How public the place is"),
    "confirmed_at": _("Last checked on"),
    "confirmed_method": _("Checked how"),
    "takes_referrals": _("Takes referrals"),
    "original_text": _("Opening hours, in words"),
    "value": _("Value"),
    "label": _("Label"),
    "code": _("Code"),
}
"""Columns of ours that no column of a file stands for."""
FORMATS: Final[Mapping[str, LazyText]] = {
    "generic": _("table with your columns"),
    "hsds_tabular": _("HSDS tables"),
    "hsds_json": _("HSDS JSON"),
    "ohana": _("Ohana CSV"),
    "icarol": _("iCarol export"),
    "icarol_flat": _("iCarol export"),
}
COLUMNS_NEEDED: Final = "mapping_needed"
REFUSED: Final[Mapping[str, LazyText]] = {
    "no_file": _("Choose a file first."),
    "empty": _("This file is empty. Export it again and look at its size."),
    "no_rows": _("This file holds a header and no row below it. Export it again with its rows."),
    "not_found": _("The file is no longer here. Upload it again."),
    "gone": _("The file is no longer here. Upload it again."),
    "too_large": _("This file is too large. The most is 200 MB, and 1 GB when it is unpacked. Split it into parts."),
    "too_many_files": _("This zip holds more than 200 files. Put only the tables into it."),
    "too_many_rows": _("This file has more than 1,000,000 rows. Split it into parts."),
    "too_many_columns": _("This file has more than 1,000 columns. Delete columns you do not need."),
    "zip_bomb": _("This zip unpacks to far more than an honest file does. Nothing was unpacked. Make a new zip."),
    "path_outside": _("This zip names files outside of itself. Nothing was unpacked. Make a new zip of the tables."),
    "symlink": _("This zip holds links to other files. Nothing was unpacked. Make a new zip of the tables."),
    "encrypted": _("This file is locked with a password. Save it without a password and upload it again."),
    "nested_archive": _("This zip holds another archive. Unpack that one first, then zip the tables."),
    "bad_zip": _("This zip is damaged. Make a new zip and upload that."),
    "spreadsheet": _("This is an old spreadsheet. Save it as XLSX or CSV and upload that."),
    "old_spreadsheet": _("This is an old spreadsheet. Save it as XLSX or CSV and upload that."),
    "macros": _("This spreadsheet holds macros. Save it as XLSX or CSV and upload that."),
    "bad_spreadsheet": _("This spreadsheet cannot be opened. Save it as CSV and upload that."),
    "not_text": _("This is not a table. Upload CSV, XLSX, a zip of CSV files, JSON or ndjson."),
    "binary": _("This is not a table. Upload CSV, XLSX, a zip of CSV files, JSON or ndjson."),
    "too_deep": _("This JSON is nested far too deeply. Export it again as HSDS JSON or CSV."),
    "bad_json": _("This is not valid JSON. Export it again; the end may be missing."),
    "huge_cell": _("A cell of this file is far too long. Look for a quotation mark that is never closed."),
    "sheet_too_wide": _("A sheet of this spreadsheet has far too many columns. Delete those you do not need."),
    "cell_too_long": _("A cell of this file is longer than 64 KiB. Look for a quotation mark that is never closed."),
    "unknown_format": _("We do not know this kind of file. Upload CSV, XLSX, a zip of CSV files, JSON or ndjson."),
    COLUMNS_NEEDED: _("Say what each column is, then it can be read."),
    "bad_mapping": _("The columns as they were saved do not fit this file. Look at them again."),
    "crashed": _("Something went wrong here while reading. Nothing was changed. Try once more."),
    "gave_up": _("Reading stopped five times. Nothing was changed. Please tell your administrator."),
}
NOT_NOW: Final[Mapping[str, LazyText]] = {
    "gone": _("The file is no longer here. Upload it again."),
    "not_ready": _("This import has moved on. Look at it again."),
    "second_look": _("Tick the box: many records would go, or many rows are wrong."),
    "not_applied": _("This import is not applied, so there is nothing to take back."),
    "too_old": _("Only the last 10 imports can be taken back."),
    "at_work": _("It is being written into the directory. Wait until it is done, then take it back."),
}


def refused(code: str, name: str = "") -> str:
    """Why a file cannot be taken and what to do; `name` is the part of the file it is about."""
    words = str(REFUSED.get(code, REFUSED["unknown_format"]))
    return gettext("%(why)s (%(name)s)", why=words, name=name) if name else words


def kind(name: str) -> str:
    """The records of one kind in plain words."""
    return str(KINDS.get(name, name))
