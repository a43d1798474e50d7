"""Files to import, the door they come in by, and the work in the background done at once."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.curation import import_store
from resources_db.base import Base
from resources_db.importers import work
from resources_db.models.imports import ImportJob
from resources_db.tenancy import system
from resources_db.vocab import ImportStage, Role

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from portal import wiring
    from tests.edge import Staff
    from tests.pages import Browser, Page

FOOD = """Agency,Program,About,Phone,Street,City,State,ZIP,Hours
Hope Pantry,Groceries,A bag of food for each family,513-555-0101,12 Main St,Cincinnati,OH,45202,Mon-Fri 9am-5pm
Hope Pantry,Hot meals,Lunch for everybody,513-555-0101,12 Main St,Cincinnati,OH,45202,Sat 11am-1pm
River House,Shelter beds,A bed for the night,513-555-0102,7 River Rd,Cincinnati,OH,45203,call us
"""
DIRECTORY = ("organization", "service", "location", "phone", "schedule", "address", "service_at_location")


@dataclass(frozen=True)
class Imports:
    """The directory administrator at the import pages."""

    browser: Browser
    runtime: wiring.Runtime

    def upload(self, name: str, raw: bytes, *, source: str = "county", expect: int | None = None, **typed: str) -> Page:
        self.runtime.clock.advance(timedelta(minutes=1))
        form = self.browser.get("/imports/new").form("/imports/new")
        return self.browser.submit(form, file=(io.BytesIO(raw), name), source=source, expect=expect, **typed)

    def upload_large(self, name: str, raw: bytes) -> TestResponse:
        """The same for a file the test client would keep in a file of its own, and leave open."""
        self.runtime.clock.advance(timedelta(minutes=1))
        fields = self.browser.get("/imports/new").form("/imports/new").values()
        boundary, body = encode_multipart({**fields, "source": "county", "file": FileStorage(io.BytesIO(raw), name)})
        kind = f"multipart/form-data; boundary={boundary}"
        return self.browser.client.post("/imports/new", data=body, content_type=kind)

    def save_columns(self, page: Page, **typed: object) -> Page:
        return self.browser.submit(page.form("/columns"), go="save", **typed)

    def work(self) -> ImportJob:
        """Do what the newest file waits for, as the worker does; gives its row."""
        shop = work.Shop(self.runtime.database, self.folder(), self.runtime.clock.now)
        job = self.job()
        doing = {ImportStage.APPLYING: work.apply, ImportStage.UNDOING: work.undo}.get(job.stage, work.read)
        doing(shop, job.id)
        return self.job()

    def job(self) -> ImportJob:
        with self.runtime.database.reading(system()) as session:
            newest = select(ImportJob).order_by(ImportJob.created_at.desc())
            return session.scalars(newest.limit(1)).one()

    def folder(self):
        return self.runtime.settings.data_dir / import_store.FOLDER

    def kept(self) -> list[str]:
        """Files that lie in the folder."""
        return sorted(one.name for one in self.folder().iterdir()) if self.folder().exists() else []

    def count(self) -> dict[str, int]:
        """Rows of every table that holds the directory."""
        with self.runtime.database.reading(system()) as session:
            tables = [Base.metadata.tables[name] for name in DIRECTORY]
            return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}

    def dry_run(self, raw: bytes = FOOD.encode(), **typed: str) -> Page:
        """A CSV of any shape, from the upload to its report."""
        page = self.upload("food.csv", raw, **typed)
        if "columns" in page.path:
            page = self.save_columns(page)
        assert self.work().stage is ImportStage.READY
        return self.browser.get(page.path, expect=None) if page.status == 200 else page

    def report(self) -> Page:
        return self.browser.get(f"/imports/{self.job().run_id}")


def workbook(rows: list[list[str]]) -> bytes:
    """The least that a spreadsheet program writes: one sheet with its words in the cells."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    cells = "".join("<row>" + "".join(cell.format(escape(one)) for one in row) + "</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{sheet}.sheet.main+xml"/><Override '
        f'PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        f'<sheet name="Food" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


@pytest.fixture
def imports(browser: Browser, staff: Staff, runtime: wiring.Runtime) -> Imports:
    browser.be(staff[Role.DIRECTORY_ADMIN])
    return Imports(browser, runtime)
