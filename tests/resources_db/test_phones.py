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
        ("1-800-LAWREP4", ["+18005297374"]),
        ("(888) HELP-NOW", ["+18884357669"]),
        ("800.CALL.NOW", ["+18002255669"]),
        ("1-866-4-CRISIS", ["+18664274747"]),
        ("513-55-CHILD", ["+15135524453"]),
        ("(412)555-0142", ["+14125550142"]),
        ("+1 412 555 0142", ["+14125550142"]),
        ("001 412 555 0142", ["+14125550142"]),
        ("412\u2013555\u20130142", ["+14125550142"]),
        ("412 - 555 - 0142", ["+14125550142"]),
        ("412/555-0142", ["+14125550142"]),
        ("412-555-0142\n412-555-0143", ["+14125550142", "+14125550143"]),
        ("4125550142 4125550143", ["+14125550142", "+14125550143"]),
        ("412-555-0142 or 0143", ["+14125550142", "+14125550143"]),
        ("412-555-0142/0143", ["+14125550142", "+14125550143"]),
        ("787-555-0142", ["+17875550142"]),
        ("+52 55 1234 5678", ["+525512345678"]),
        ("(412) 555-0142 Mon-Fri 9-5", ["+14125550142"]),
        ("1-800-799-SAFE (7233)", ["+18007997233"]),
        ("412-\u00ad555-0142", ["+14125550142"]),
        ("123-456-7890", [None]),
        ("111-111-1111", [None]),
        ("412-055-0142", [None]),
        ("412-555-01422", [None]),
        ("555-0142", [None]),
        ("x4841", [None]),
        ("text HOME to 741741", [None]),
        ("No telephone", []),
        ("not available", []),
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
        ("513-555-0142x12", "12"),
        ("513-555-0142 #12", "12"),
        ("513-555-0142, option 2", "2"),
    ],
)
def test_an_extension_is_split_off(text: str, extension: str | None) -> None:
    assert read(text)[0].extension == extension


@pytest.mark.parametrize("code", ["211", "311", "511", "711", "811", "911", "988"])
def test_short_codes_are_dialled_as_they_are(code: str) -> None:
    assert read(code) == (ReadPhone(code, short_code=True),)


def test_labels_tell_the_numbers_of_one_cell_apart() -> None:
    phones = read("main: 412-555-0142, tdd: 412-555-0143; fax 412-555-0144")
    assert [(phone.label, phone.kind) for phone in phones] == [("main", "voice"), ("tty", "textphone"), ("fax", "fax")]


def test_a_short_code_may_be_written_with_dashes() -> None:
    assert [(phone.number, phone.short_code) for phone in read("dial 2-1-1")] == [("211", True)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("412-555-0142 fax", ["fax"]),
        ("F: 412-555-0143", ["fax"]),
        ("412-555-0143 (f)", ["fax"]),
        ("P: 412-555-0142 F: 412-555-0143", ["voice", "fax"]),
        ("412-555-0142 Fax 412-555-0143", ["voice", "fax"]),
        ("TTY: 711", ["textphone"]),
        ("412-555-0142 cell", ["cell"]),
        ("412-555-0142 (call) 412-555-0143 (text only)", ["voice", "text"]),
    ],
)
def test_letters_and_words_beside_a_number_say_what_it_is(text: str, kinds: list[str]) -> None:
    assert [phone.kind for phone in read(text)] == kinds


def test_a_number_to_call_or_text_is_a_voice_number_that_takes_texts() -> None:
    phone = read("Call or text 412-555-0142")[0]
    assert (phone.kind, phone.accepts_sms, phone.dialable) == ("voice", True, True)
    assert read("412-555-0142")[0].accepts_sms is None


def test_letters_of_a_number_are_kept_as_they_are_advertised() -> None:
    assert [phone.vanity for phone in read("1-800-LAW-REP-4; 412-555-0142")] == ["1-800-LAW-REP-4", None]


def test_a_fax_never_gets_a_call_button() -> None:
    assert not read("412-555-0144 (Fax)")[0].dialable


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(phone.number for phone in read(text))
