"""Files that want to do harm, or are broken: a clear word beside the field, nothing kept, nothing changed."""

import io
import json
import zipfile

import pytest

from resources_db.vocab import ImportStage, Role
from tests.portal.import_world import FOOD, Imports, imports

__all__ = ["imports"]


def zipped(entries: dict[str, bytes], *, link: str = "", packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, raw in entries.items():
            archive.writestr(name, raw)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    """A zip whose directory says that its part is encrypted."""
    raw = bytearray(zipped({"organizations.csv": b"id,name\n1,Hope\n"}))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    raw[6] |= 1
    return bytes(raw)


DEEP = b"[" * 1_000 + b"]" * 1_000
REFUSED = [
    ("empty.csv", b"", "This file is empty."),
    ("header.csv", b"Agency,Program,Phone\n", "holds a header and no row"),
    ("bomb.zip", zipped({"organizations.csv": b"\0" * 30_000_000}), "unpacks to far more"),
    ("outside.zip", zipped({"../../organizations.csv": b"id,name\n1,Hope\n"}), "names files outside of itself"),
    ("link.zip", zipped({"services.csv": b"id\n1\n"}, link="organizations.csv"), "holds links to other files"),
    ("nested.zip", zipped({"inner.zip": zipped({"a.csv": b"a\n1\n"})}), "holds another archive"),
    ("locked.zip", locked(), "locked with a password"),
    ("damaged.zip", zipped({"organizations.csv": b"id,name\n1,Hope\n" * 99})[:-40], ""),
    (
        "wide.csv",
        b",".join(b"c%d" % n for n in range(10_000)) + b"\n" + b"," * 9_999 + b"\n",
        "more than 1,000 columns",
    ),
    ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ""),
    ("book.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ""),
    ("not-a-book.xlsx", b"Agency,Program\nHope,Food\n", ""),
    ("page.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ""),
]


@pytest.mark.parametrize(("name", "raw", "words"), REFUSED, ids=[name for name, _raw, _words in REFUSED])
def test_a_hostile_or_broken_file_is_refused_beside_the_field(
    imports: Imports, name: str, raw: bytes, words: str
) -> None:
    before = imports.count()
    page = imports.upload(name, raw, expect=422)
    error = page.tree.all("p", id="file-error")
    assert error, "the word stands beside the field"
    assert error[0].text
    assert words in error[0].text
    assert page.form("/imports/new").values()["source"] == "county", "what was typed stays"
    assert imports.kept() == [], "the file is not kept"
    assert imports.count() == before


def test_a_cell_of_ten_megabytes_is_refused_and_one_over_64_kib_is_an_error_of_its_row(imports: Imports) -> None:
    before = imports.count()
    row = 'Big House,Big,"{}",513-555-0103,1 A St,Cincinnati,OH,45202,Mon 9-5\n'
    answer = imports.upload_large("huge.csv", (FOOD + row.format("x" * 10_000_000)).encode())
    assert answer.status_code == 422
    assert "A cell of this file is far too long." in answer.text
    assert len(answer.text) < 100_000
    assert imports.kept() == []
    imports.dry_run((FOOD + row.format("x" * 100_000)).encode())
    report = imports.report()
    assert "This cell is longer than 64 KiB." in report.text
    assert len(report.html) < 200_000
    assert imports.count() == before


@pytest.mark.parametrize(
    "raw", [b'[{"id": "1", "name": "Hope"}, {"id": "2", "na', DEEP, b'[{"id": "1", "name": ' + DEEP + b"}]"]
)
def test_json_that_is_cut_off_or_nested_too_deeply_changes_nothing(imports: Imports, raw: bytes) -> None:
    before = imports.count()
    form = imports.browser.get("/imports/new").form("/imports/new")
    answer = imports.browser.submit(
        form, file=(io.BytesIO(raw), "bad.json"), source="county", follow=False, expect=None
    )
    if answer.status == 303:
        imports.work()
        ready = imports.job().stage is ImportStage.READY
        answer = imports.report() if ready else imports.browser.get(answer.response.headers["Location"])
    assert "JSON" in answer.text
    assert imports.count() == before


def test_windows_text_is_read_with_a_remark(imports: Imports) -> None:
    imports.dry_run(FOOD.replace("A bag of food", "Piñatas").encode("cp1252"))
    report = imports.report()
    assert "This file is not UTF-8." in report.text
    assert "Piñatas" in report.text


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.csv", "..\\..\\boot.csv", "/etc/cron.d/x.csv", "C:\\x.csv", "\u202evsc.csv"]
)
def test_the_name_of_a_file_never_becomes_a_path(imports: Imports, name: str) -> None:
    imports.upload(name, FOOD.encode(), expect=None)
    for kept in imports.kept():
        assert len(kept) <= len("00000000-0000-0000-0000-000000000000.csv")
    assert "/" not in imports.job().file_name
    assert "\\" not in imports.job().file_name
    assert "\u202e" not in imports.job().file_name
    assert [one.name for one in imports.folder().parent.iterdir() if "passwd" in one.name] == []


def test_without_a_file_or_a_source_both_fields_say_so(imports: Imports) -> None:
    form = imports.browser.get("/imports/new").form("/imports/new")
    page = imports.browser.submit(form, source=" ", full="on", expect=422)
    assert page.tree.all("p", id="file-error")
    assert page.tree.all("p", id="source-error")
    assert "full" in page.form("/imports/new").values(), "the tick stays"


def test_a_body_over_the_limit_gets_a_clear_page_and_is_not_kept(imports: Imports) -> None:
    token = imports.browser.token("/imports/new")
    answer = imports.browser.client.post(
        "/imports/new", data={"csrf_token": token}, environ_overrides={"CONTENT_LENGTH": str(300 * 1024 * 1024)}
    )
    assert answer.status_code == 413
    assert "too much at once" in answer.text
    assert imports.kept() == []


def test_only_the_file_may_be_large(imports: Imports) -> None:
    form = imports.browser.get("/imports/new").form("/imports/new").values()
    large = {**form, "source": "x" * 300_000, "file": (io.BytesIO(FOOD.encode()), "food.csv")}
    answer = imports.browser.client.post("/imports/new", data=large)
    assert answer.status_code == 413
    assert imports.kept() == []


def test_nothing_of_a_strangers_file_is_read(imports: Imports, another, staff) -> None:
    raw = b"x" * 300_000
    stranger = another()
    answer = stranger.client.post("/imports/new", data={"file": (io.BytesIO(raw), "x.csv")})
    assert answer.status_code == 303, "asked to sign in"
    navigator = another()
    navigator.be(staff[Role.NAVIGATOR])
    answer = navigator.client.post("/imports/new", data={"file": (io.BytesIO(raw), "x.csv")})
    assert answer.status_code == 403
    assert imports.kept() == []


def test_a_mapping_that_was_tampered_with_changes_nothing(imports: Imports) -> None:
    columns = imports.upload("food.csv", FOOD.encode())
    for typed in (
        {"c.0.1.0": "patient.name"},
        {"c.0.1.0": "service.nonsense"},
        {"c.0.0.0.rest": "[" * 5_000},
        {"c.0.0.0.rest": json.dumps({"to": "organization.name", "extract": "(" * 50})},
        {"c.0.0.0.rest": json.dumps({"to": "organization.name", "clean": ["rm"]})},
    ):
        page = imports.browser.submit(columns.form("/columns"), go="preview", expect=None, **typed)
        assert page.status < 500
    assert imports.job().stage is ImportStage.FAILED, "still waits for its columns"
    assert imports.count()["organization"] == 0
