"""Which reader reads this input? Told by file names and first records, or by the person."""

from dataclasses import dataclass
from pathlib import Path

from resources_db.importers import generic, hsds_json, hsds_tabular, ohana
from resources_db.importers.files import Source, open_source
from resources_db.importers.mapping import FileMapping
from resources_db.importers.records import Reader

FORMATS = ("hsds_tabular", "hsds_json", "ohana", "generic")


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
    return Opened(source, _reader(source, format_name or _recognised(source, mapping), mapping))


def _recognised(source: Source, mapping: FileMapping | None) -> str:
    if mapping is not None:
        return "generic"
    if ohana.recognise(source):
        return "ohana"
    if hsds_tabular.recognise(source):
        return "hsds_tabular"
    if hsds_json.recognise(source):
        return "hsds_json"
    raise UnknownFormatError("mapping_needed" if generic.recognise(source) else "unknown_format")


def _reader(source: Source, name: str, mapping: FileMapping | None) -> Reader:
    if name == "hsds_tabular":
        return hsds_tabular.HsdsTabular(source)
    if name == "hsds_json":
        return hsds_json.HsdsJson(source)
    if name == "ohana":
        return ohana.Ohana(source)
    if name != "generic":
        raise UnknownFormatError("unknown_format")
    if mapping is None:
        raise UnknownFormatError("mapping_needed")
    return generic.GenericTables(source, mapping)
