"""Which reader reads this input? Told by file names and first records, or by the person."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from resources_db.importers import generic, hsds_json, hsds_tabular, icarol_flat, icarol_json, ohana, washing
from resources_db.importers.files import Source, open_source
from resources_db.importers.mapping import FileMapping
from resources_db.importers.records import Reader

FORMATS = ("hsds_tabular", "hsds_json", "ohana", "icarol_flat", "icarol_json", "generic")


class UnknownFormatError(ValueError):
    """No reader knows this input; `code` says what is missing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    source: Source
    reader: Reader


def open_input(path: Path, *, format_name: str = "", mapping: FileMapping | None = None) -> Opened:
    """The input with its reader; raises RefusedFileError or UnknownFormatError."""
    source = open_source(path)
    return Opened(source, washing.Washed(_reader(source, format_name, mapping)))


# In this order: a format is asked before the ones that would take its files for theirs.
_RECOGNISED: tuple[tuple[str, Callable[[Source], bool], Callable[[Source], Reader]], ...] = (
    ("ohana", ohana.recognise, ohana.Ohana),
    ("hsds_tabular", hsds_tabular.recognise, hsds_tabular.HsdsTabular),
    ("icarol_json", icarol_json.recognise, icarol_json.IcarolJson),
    ("hsds_json", hsds_json.recognise, hsds_json.HsdsJson),
    ("icarol_flat", icarol_flat.recognise, icarol_flat.IcarolFlat),
)


def _reader(source: Source, name: str, mapping: FileMapping | None) -> Reader:
    if mapping is not None or name == "generic":
        if mapping is None:
            raise UnknownFormatError("mapping_needed")
        return generic.GenericTables(source, mapping)
    for format_name, recognise, reader in _RECOGNISED:
        if name == format_name or (not name and recognise(source)):
            return reader(source)
    if name:
        raise UnknownFormatError("unknown_format")
    raise UnknownFormatError("mapping_needed" if generic.recognise(source) else "unknown_format")
