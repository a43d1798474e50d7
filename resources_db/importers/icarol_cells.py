"""One row of an iCarol export: its cells, which of them are private, and what only the team may read.

A column `XIsPrivate` speaks for every column that begins with X. Private cells are counted, never handed on.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from resources_db.importers.records import Neutral, Note, Problem, Severity, Where

NOTES = ("InternalNotes", "InternalNotesForEditorsAndViewers")
_NEVER = re.compile(r"LastVerifi\w*By\w*|LastVerificationApprovedBy|\w*ForEditorsAndViewers|InternalNotes")
# Columns about the export itself, or of no use to anybody who looks for help: not told as "not read".
_SILENT = frozenset(
    """ImportDate ImportStatus Refresh RecordOwner UniqueIDPriorSystem EnteredOn UpdatedOn LanguageOfRecord IsLinkOnly
    CurrentWorkflowStepCode HighlightedResource PreferredProvider AvailableForResearch AnnualBudgetTotal FEIN IRSStatus
    SearchHints ParentAgency ProgramAgencyNamePublic SiteAgencyNamePublic TaxonomyTermsNotDeactivated Phone1Type
    Phone2Type Phone3Type Phone4Type Phone5Type MainContactType AvailableForDirectory AgencyClassification""".split()
)
_YES = frozenset({"yes", "true", "1", "y"})


def is_yes(cell: str) -> bool:
    return cell.strip().casefold() in _YES


def is_no(cell: str) -> bool:
    return cell.strip().casefold() in {"no", "false", "0", "n"}


@dataclass(slots=True)
class Cells:
    """Reads cells by name; what is private reads as empty and is counted in `withheld`."""

    cells: Mapping[str, str]
    where: Where
    withheld: Counter[str]
    private: tuple[str, ...] = ()
    read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, cells: Mapping[str, str], where: Where, withheld: Counter[str]) -> "Cells":
        flagged = [name.removesuffix("IsPrivate") for name, cell in cells.items() if _is_flag(name) and is_yes(cell)]
        # A private address is sealed, not dropped: whoever may know it can read it (see icarol_places).
        return cls(cells, where, withheld, tuple(name for name in flagged if not name.endswith("Address")))

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        value = self.cells.get(name, "").strip()
        if value and any(_speaks_for(flagged, name) for flagged in self.private):
            self.withheld[name] += 1
            return ""
        return value

    def flag(self, name: str) -> str:
        self.read.add(name)
        return self.cells.get(name, "").strip()

    @property
    def id(self) -> str:
        return self["ResourceAgencyNum"]

    def first(self, *names: str) -> str:
        found = [self[name] for name in names]
        return next((value for value in found if value), "")

    def record(self, kind: str, external_id: str, values: dict[str, object], **columns: str) -> Neutral:
        kept = {name: value for name, value in values.items() if value not in ("", None)}
        return Neutral(kind, external_id, kept, self.where, {}, columns, copies="once")

    def warn(self, code: str, column: str = "", value: str = "") -> Problem:
        return Problem(self.where, code, column, value[:80], Severity.WARNING)

    def notes(self, kind: str) -> list[Note]:
        """What editors wrote for each other."""
        found = []
        for name in NOTES:
            self.read.add(name)
            if text := self.cells.get(name, "").strip():
                self.withheld[name] += 1
                found.append(Note(kind, self.id, text, self.where, name))
        return found

    def unread(self) -> list[str]:
        """Filled columns that nothing asked for. Private ones are counted instead."""
        left = []
        for name, cell in self.cells.items():
            if not cell.strip() or name in self.read or name in _SILENT or _is_flag(name):
                continue
            if _NEVER.fullmatch(name) or any(_speaks_for(flagged, name) for flagged in self.private):
                self.withheld[name] += 1
            else:
                left.append(name)
        return left


def _is_flag(name: str) -> bool:
    return name.endswith("IsPrivate")


def _speaks_for(flagged: str, name: str) -> bool:
    """`Phone1` for `Phone1Number` but not for `Phone10Number`; never for its own flag."""
    return name.startswith(flagged) and not _is_flag(name) and not name[len(flagged) :][:1].isdigit()
