"""A directory editor brings a file: upload, columns, dry run, apply, take back."""

import gzip
import json

import pytest
from sqlalchemy import select

from resources_db.models.directory import Service
from resources_db.models.imports import DirectorySource, ImportMapping
from resources_db.models.tenants import AppUser
from resources_db.tenancy import system
from resources_db.vocab import CostKind, ImportStage, NeedsOrigin, Role
from tests.pages import Page
from tests.portal.import_world import FOOD, Imports, imports, workbook

__all__ = ["imports"]


def services(imports: Imports) -> set[str]:
    with imports.runtime.database.reading(system()) as session:
        return set(session.scalars(select(Service.name).where(Service.deleted_at.is_(None))))


def test_a_new_user_brings_a_table_sees_what_it_would_do_applies_it_and_takes_it_back(imports: Imports) -> None:
    before = imports.count()
    columns = imports.upload("food.csv", FOOD.encode())
    assert columns.h1 == "What is in each column?"
    assert "9 of 9 columns" in columns.text, "every column of a plain table is recognised"
    assert "Hope Pantry" in columns.text, "values of the file stand beside each column"

    waiting = imports.save_columns(columns)
    assert waiting.h1 == "Your file waits for its turn"
    assert imports.work().stage is ImportStage.READY
    assert imports.count() == before, "a dry run writes nothing into the directory"

    report = imports.browser.get(waiting.path, expect=303).response.headers["Location"]
    page = imports.browser.get(report)
    assert page.h1 == "Import of county"
    assert "Would be new" in page.text
    assert "Shelter beds" in page.text

    going = imports.browser.submit(page.form(report))
    assert going.h1 == "The import is being applied"
    assert imports.work().stage is ImportStage.DONE
    assert services(imports) == {"Groceries", "Hot meals", "Shelter beds"}

    listed = imports.browser.get("/imports")
    assert "Applied" in listed.text
    imports.browser.submit(listed.form("/undo"))
    assert imports.work().stage is ImportStage.UNDONE
    assert services(imports) == set()
    assert "Taken back" in imports.browser.get("/imports").text


def test_the_preview_follows_what_is_chosen_and_needs_no_script(imports: Imports) -> None:
    columns = imports.upload("food.csv", FOOD.encode())
    shown = imports.browser.submit(columns.form("/columns"), go="preview", **{"c.0.1.0": "", "name": "My list"})
    assert shown.status == 200
    form = shown.form("/columns").values()
    assert form["c.0.1.0"] == "", "what was chosen stays chosen"
    assert form["name"] == "My list"
    part = imports.browser.submit(columns.form("/columns"), htmx=True, go="")
    assert "<html" in part.html, "only the preview itself asks for a part"
    part = imports.browser.post(
        columns.path, columns.form("/columns").values(), headers={"HX-Request": "true", "HX-Target": "preview"}
    )
    assert "<html" not in part.html
    assert "Groceries" in part.text


def test_a_column_can_go_to_several_fields_and_words_are_changed(imports: Imports) -> None:
    columns = imports.upload("food.csv", FOOD.encode())
    more = imports.browser.submit(columns.form("/columns"), go="add.0.2")
    assert "c.0.2.1" in more.form("/columns").values()
    typed = {
        "c.0.2.1": "service.application_process",
        "c.0.2.1.before": "How: ",
        "c.0.6.0.values": "OH = Ohio\nKY = Kentucky",
        "k.0.0": "service.status",
        "k.0.0.value": "active",
    }
    imports.save_columns(more, **typed)
    with imports.runtime.database.reading(system()) as session:
        (saved,) = session.scalars(select(ImportMapping))
    lines = saved.mapping["tables"][0]["columns"]
    assert {"column": "About", "to": "service.application_process", "before": "How: "} in lines
    assert [one["values"] for one in lines if "values" in one] == [{"OH": "Ohio", "KY": "Kentucky"}]
    assert saved.mapping["tables"][0]["constants"] == [{"to": "service.status", "value": "active"}]


def test_the_next_file_with_these_columns_is_read_without_asking(imports: Imports) -> None:
    imports.dry_run()
    again = imports.upload("next.csv", FOOD.replace("call us", "Sun 1pm-2pm").encode())
    assert again.h1 == "Your file waits for its turn"
    assert imports.work().stage is ImportStage.READY
    assert "columns as in “county”" in imports.report().text
    other = imports.upload("other.csv", b"Name,Telephone\nHope,513-555-0101\n", source="other")
    assert other.h1 == "What is in each column?"


def test_a_name_that_stands_for_other_columns_is_not_taken_over(imports: Imports) -> None:
    imports.dry_run()
    other = imports.upload("other.csv", b"Program,Telephone\nHope,513-555-0101\n", source="other")
    page = imports.browser.submit(other.form("/columns"), go="save", name="county", expect=422)
    assert "Other columns are saved under this name." in page.text
    assert page.form("/columns").values()["name"] == "county"


def test_columns_without_any_name_are_not_saved(imports: Imports) -> None:
    columns = imports.upload("food.csv", FOOD.encode())
    page = imports.browser.submit(
        columns.form("/columns"), go="save", name="", expect=422, **{"c.0.0.0": "", "c.0.1.0": ""}
    )
    assert "Say which column holds the name of the service or of the organization." in page.text
    assert "Give these columns a name" in page.text


def test_a_second_yes_is_asked_for_when_much_would_go(imports: Imports) -> None:
    imports.dry_run()
    imports.browser.submit(imports.report().form(imports.report().path))
    assert imports.work().stage is ImportStage.DONE
    imports.upload("small.csv", "\n".join(FOOD.splitlines()[:2]).encode(), full="on")
    assert imports.work().stage is ImportStage.READY
    report = imports.report()
    assert "Would be withdrawn" in report.text
    refused = imports.browser.submit(report.form(report.path), expect=422)
    assert "Tick the box" in refused.text
    assert imports.job().stage is ImportStage.READY
    imports.browser.submit(refused.form(report.path), sure="yes")
    assert imports.job().stage is ImportStage.APPLYING


def test_records_are_filtered_and_compared_field_by_field(imports: Imports) -> None:
    imports.dry_run()
    imports.browser.submit(imports.report().form(imports.report().path))
    imports.work()
    imports.upload("next.csv", FOOD.replace("Lunch for everybody", "Lunch for all of you").encode())
    imports.work()
    path = f"/imports/{imports.job().run_id}/records"
    page = imports.browser.get(f"{path}?action=update")
    assert "everybody" in [one.text for one in page.tree.all("del")]
    assert "all of you" in [one.text for one in page.tree.all("ins")]
    assert "Hot meals" in page.text
    assert "Groceries" not in page.text
    assert imports.browser.get(f"{path}?action=nonsense&kind=x&page=99").status == 200


def test_rows_that_were_left_out_are_listed_with_file_line_column_and_value(imports: Imports) -> None:
    wrong = FOOD + "Sun House,Dinner,Food,513-555-0109,1 A St,Cincinnati,OH,45202,Mon 9-5,one,too,many\n"
    imports.dry_run(wrong.encode())
    report = imports.report()
    assert "1 row was left out" in report.text
    assert "This row has more cells than the header." in report.text
    csv = imports.browser.client.get(f"{report.path}/problems.csv").text
    assert "too_many_cells" in csv
    assert json.loads(imports.browser.client.get(f"{report.path}/problems.json").text)["source"] == "county"
    assert "too many" not in imports.browser.get(f"{report.path}/errors").text.casefold()


def test_what_was_changed_since_is_not_taken_back_and_is_listed(imports: Imports) -> None:
    imports.dry_run()
    imports.browser.submit(imports.report().form(imports.report().path))
    imports.work()
    with imports.runtime.database.writing(system()) as session, session.begin():
        (meals,) = session.scalars(select(Service).where(Service.name == "Hot meals"))
        meals.description, meals.version = "Lunch for everybody, by hand", meals.version + 1
    imports.browser.submit(imports.report().form("/undo"))
    assert imports.work().stage is ImportStage.UNDONE
    page = imports.report()
    listed = page.tree.all("section", **{"aria-labelledby": "left-h"})
    assert listed, "records that stay are named"
    assert "Hot meals" in listed[0].text
    assert services(imports) == {"Hot meals"}


def test_a_spreadsheet_is_read_like_a_table(imports: Imports) -> None:
    columns = imports.upload("food.xlsx", workbook([line.split(",") for line in FOOD.splitlines()]))
    assert "9 of 9 columns" in columns.text
    imports.save_columns(columns)
    assert imports.work().stage is ImportStage.READY
    assert "Shelter beds" in imports.report().text


def test_pages_stay_light_with_very_many_columns_rows_and_errors(imports: Imports) -> None:
    names = ["Agency", "Program", *(f"Column {at}" for at in range(300))]
    wide = "\n".join((",".join(names), ",".join(f"value {at}" for at in range(302)), ""))
    columns = imports.upload("wide.csv", wide.encode())
    assert "102 more columns are not shown and not read." in columns.text
    light(columns)
    wrong = [
        f"House {at},Food {at},About,513-555-0101,1 A St,Cincinnati,OH,45202,Mon 9-5,too,many" for at in range(600)
    ]
    fine = [f"Home {at},Food {at},About,513-555-0101,1 A St,Cincinnati,OH,45202,Mon 9-5" for at in range(300)]
    imports.dry_run("\n".join((FOOD.splitlines()[0], *wrong, *fine)).encode())
    report = imports.report()
    assert "600 rows were left out" in report.text
    light(report)
    light(imports.browser.get(f"{report.path}/records"))
    light(imports.browser.get(f"{report.path}/errors?page=2"))


def light(page: Page) -> None:
    assert len(gzip.compress(page.html.encode())) < 60_000, page.path


def test_a_file_that_is_given_up_is_gone(imports: Imports) -> None:
    imports.upload("food.csv", FOOD.encode())
    imports.browser.submit(imports.browser.get("/imports").form("/cancel"))
    assert imports.job().stage is ImportStage.CANCELLED
    assert "food.csv" not in imports.browser.get("/imports").text


def test_progress_is_shown_and_asked_for_again_by_htmx(imports: Imports) -> None:
    waiting = imports.save_columns(imports.upload("food.csv", FOOD.encode()))
    part = imports.browser.get(waiting.path, htmx=True)
    assert "<html" not in part.html
    assert "every 1s" in part.html
    imports.work()
    done = imports.browser.client.get(waiting.path, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"].startswith("/imports/")


def test_the_order_of_sources_is_kept(imports: Imports) -> None:
    imports.dry_run()
    imports.upload("next.csv", FOOD.encode(), source="a-second")
    imports.work()
    page = imports.browser.get("/imports/sources")
    forms = [one for one in page.forms if one.values().get("name") == "county"]
    imports.browser.submit(forms[0], go="up")
    with imports.runtime.database.reading(system()) as session:
        ranks = dict(session.execute(select(DirectorySource.name, DirectorySource.rank)).all())
    assert ranks["county"] < ranks["a-second"]


@pytest.mark.parametrize("role", [Role.CURATOR, Role.NAVIGATOR])
def test_only_the_administrator_of_the_directory_imports(imports: Imports, staff, role: Role) -> None:
    imports.dry_run()
    report = imports.report()
    token = imports.browser.token(report.path)
    imports.browser.be(staff[role])
    imports.browser.token("/account")
    for path in (report.path, f"{report.path}/undo", "/imports/new", "/imports/sources"):
        answer = imports.browser.client.post(path, data={"csrf_token": token})
        assert answer.status_code in {403, 419}, path
    if role is Role.CURATOR:
        assert "An administrator of the directory can apply it." in imports.browser.get(report.path).text
    assert imports.job().stage is ImportStage.READY


def test_applying_asks_for_the_password_again_and_comes_back_to_the_report(imports: Imports, staff, clock) -> None:
    imports.dry_run()
    report = imports.report()
    with imports.runtime.database.writing(system()) as session, session.begin():
        session.get_one(AppUser, staff[Role.DIRECTORY_ADMIN].id).demo = False
    clock.forward(minutes=11)
    sent = {"csrf_token": imports.browser.token(report.path)}
    answer = imports.browser.client.post(report.path, data=sent, headers={"Referer": f"http://localhost{report.path}"})
    assert answer.headers["Location"] == f"/verify?next={report.path}"
    assert imports.job().stage is ImportStage.READY


def test_a_table_that_says_nothing_of_needs_or_cost_leaves_both_as_they_are(imports: Imports) -> None:
    imports.dry_run()
    imports.browser.submit(imports.report().form(imports.report().path))
    imports.work()
    with imports.runtime.database.writing(system()) as session, session.begin():
        for service in session.scalars(select(Service)):
            service.needs, service.needs_origin = ["hot_meals"], NeedsOrigin.TAXONOMY
            service.cost_kind = CostKind.FREE
    imports.upload("again.csv", FOOD.encode())
    assert imports.work().stage is ImportStage.READY
    assert "It would change nothing: the directory has all of it." in imports.report().text
