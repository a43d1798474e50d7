"""Phone cells as directories write them (the sixth data trap and its relatives)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources_db.phones import ReadPhone, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("412.675.8556", ["+14126758556"]),
        ("412 681 1950", ["+14126811950"]),
        ("(412) 555-0142", ["+14125550142"]),
        ("4126575969", ["+14126575969"]),
        ("14128670992", ["+14128670992"]),
        ("1-800-LAW-REP-4", ["+18005297374"]),
        ("412 362 GROW (4769)", ["+14123624769"]),
        ("1-800-273-TALK (8255)", ["+18002738255"]),
        ("(724) 472-6477 or  (724) 980-4547", ["+17244726477", "+17249804547"]),
        ("412-555-0142 / 412-555-0142", ["+14125550142"]),
        ("\u202a412-555-0142\u202c", ["+14125550142"]),
        ("Phone: 412-460-3663", ["+14124603663"]),
        ("call 412-829-2711 on Thursday", ["+14128292711"]),
        ("+44 20 7946 0958", ["+442079460958"]),
        ("4841", [None]),
        ("000-000-*347", [None]),
        ("000-000-0000", [None]),
        ("41245645", [None]),
        ("no phone", []),
        ("N/A", []),
        ("", []),
    ],
)
def test_a_cell_gives_the_numbers_that_can_be_dialled(text: str, expected: list[str | None]) -> None:
    assert [phone.e164 for phone in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("412 307 0069 x 3311", "3311"),
        ("305-891-8850 xOPT2", "OPT2"),
        ("513-555-0142 ext. 12", "12"),
        ("513-555-0142", None),
    ],
)
def test_an_extension_is_split_off(text: str, extension: str | None) -> None:
    assert read(text)[0].extension == extension


@pytest.mark.parametrize("code", ["211", "311", "988", "911"])
def test_short_codes_are_dialled_as_they_are(code: str) -> None:
    assert read(code) == (ReadPhone(code, short_code=True),)


def test_labels_tell_the_numbers_of_one_cell_apart() -> None:
    phones = read("main: 412-555-0142, tdd: 412-555-0143; fax 412-555-0144")
    assert [(phone.label, phone.kind) for phone in phones] == [("main", "voice"), ("tty", "textphone"), ("fax", "fax")]


def test_a_fax_never_gets_a_call_button() -> None:
    assert not read("412-555-0144 (Fax)")[0].dialable


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(phone.number for phone in read(text))
