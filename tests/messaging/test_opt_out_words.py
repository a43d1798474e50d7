"""STOP, HELP and START in every offered language, the wishes and dangers said in other words. Pure."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n import catalog
from messaging import opt_out, opt_out_words, texts
from messaging.opt_out import Kind
from resources_db.models.tenants import Org

LANGUAGES = ("en", "es", "ar", "zh_Hans", "zh_Hant", "vi", "ht", "fil", "ko", "ru", "fr", "pt_BR")
TABLES = {Kind.STOP: opt_out_words.STOP, Kind.START: opt_out_words.START, Kind.HELP: opt_out_words.HELP}
LISTED = [
    (kind, language, word) for kind, table in TABLES.items() for language, words in table.items() for word in words
]
AROUND = st.text(" .,;:!¡?¿\"'*()#-_~…。！？、\u200b\u200f\ufe0f\n\t❤🙏🛑", max_size=6)
FULL_WIDTH = {ord(letter): ord(letter) + 0xFEE0 for letter in map(chr, range(0x21, 0x7F))}


def test_all_twelve_languages_have_words_to_stop_to_start_and_to_ask_for_help():
    for table in TABLES.values():
        assert {language for language, words in table.items() if words} == set(LANGUAGES)


@given(st.sampled_from(LISTED), AROUND, AROUND, st.sampled_from([str, str.upper, str.title, str.casefold]))
def test_a_listed_word_is_read_in_any_case_and_with_any_marks_around_it(listed, before, after, case):
    kind, _language, word = listed
    assert opt_out.read(f"{before}{case(word)}{after}").kind is kind


@given(st.sampled_from([one for one in LISTED if one[2].isascii()]))
def test_a_listed_word_is_read_in_full_width_letters(listed):
    kind, _language, word = listed
    assert opt_out.read(word.upper().translate(FULL_WIDTH)).kind is kind


@given(st.sampled_from([one for one in LISTED if one[1] in opt_out_words.ACCENTS_FOLDED]))
def test_where_people_leave_accents_out_a_word_is_read_without_them(listed):
    kind, _language, word = listed
    assert opt_out.read(opt_out.without_accents(word)).kind is kind


@given(st.sampled_from(LISTED))
def test_a_word_is_read_in_either_form_of_its_letters(listed):
    kind, _language, word = listed
    assert opt_out.read(unicodedata.normalize("NFD", word)).kind is kind


@pytest.mark.parametrize("language", [one.code for one in catalog.offered()])
def test_the_words_our_own_texts_tell_people_to_send_do_what_they_say(language):
    org = Org(sms_label="Riverside", phone="+15135550142")
    told = texts.opted_in(org, language).replace(",", " ").replace(".", " ").split()
    kinds = {opt_out.read(word).kind for word in told if word.isupper() and len(word) > 3}
    assert kinds == {Kind.HELP, Kind.STOP}
    assert Kind.START in {opt_out.read(word).kind for word in texts.opted_out(org, language).split() if word.isupper()}


@pytest.mark.parametrize(
    "words",
    [
        "Don’t text me",  # the apostrophe that phones put in by themselves
        "Please quit messaging me",
        "stoooop",
        "STOPPP!!!",
        "I said it three times already and nobody listens to me at all so please stop texting me",
        "ya no me manden mensajes por favor que les dije muchas veces que no los quiero recibir nunca más",
        "ne m’envoyez plus de messages",
        "tanpri pa voye mesaj ankò",
        "por favor não me mande mais mensagens",
        "đừng nhắn tin cho tôi nữa",
        "huwag na po kayong mag-text",
        "請不要再發短信給我",
        "我已经说过很多次了我真的不想再收到你们的任何消息请你们不要再发了谢谢",
        "لا ترسلوا لي رسائل",
        "문자 보내지 마세요",
        "не присылайте мне больше сообщений",
    ],
)
@pytest.mark.bad_input(11)
def test_a_wish_to_stop_in_other_words_is_held_for_a_person(words):
    assert opt_out.read(words).kind is Kind.HOLD


@pytest.mark.parametrize(
    "words",
    [
        "top", "shop", "yes please", "thank you so much for the food", "gracias por todo", "terminé el trabajo ayer",
        "je vais finir à la fin du mois", "我结束工作以后去", "지금 취소 안 했어요", "هل العيادة مفتوحة", "好的",
        "👎 1", "the bus stops near the pantry at nine and then it goes on to the clinic downtown",
    ],
)  # fmt: skip
@pytest.mark.bad_input(11)
def test_what_only_looks_like_a_stop_word_changes_nothing(words):
    assert opt_out.read(words).kind is Kind.FREE


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I want to die"), ("en", "I don’t want to live anymore"), ("en", "he’s going to kill me"),
        ("es", "me quiero morir"), ("es", "ya no quiero vivir"), ("es", "mi esposo me pego"),
        ("fr", "je veux mourir"), ("fr", "il m’a frappée"),
        ("ht", "mwen vle mouri"), ("ht", "mari m ap bat mwen"),
        ("pt_BR", "quero morrer"), ("pt_BR", "ele me bateu"),
        ("vi", "tôi không muốn sống nữa"), ("vi", "toi muon chet"),
        ("fil", "gusto ko na pong mamatay"), ("fil", "sinasaktan ako ng asawa ko"),
        ("zh_Hans", "我不想活了"), ("zh_Hant", "我想自殺"), ("zh_Hant", "他打我"),
        ("ar", "اريد ان اموت"), ("ar", "زوجي يضربني"),
        ("ko", "죽고싶어요"), ("ko", "남편이 저를 때려요"),
        ("ru", "я не хочу жить"), ("ru", "муж бьёт меня"),
    ],
)  # fmt: skip
def test_words_of_danger_are_seen_in_every_language(language, words):
    assert language in LANGUAGES
    assert opt_out.read(words).danger


@pytest.mark.parametrize(
    "words", ["that food is to die for", "me muero de risa", "mort de rire", "더워 죽겠어요", "打我的电话", "热死了"]
)
def test_sayings_raise_no_alarm(words):
    assert not opt_out.read(words).danger


def test_a_danger_said_with_a_wish_to_stop_is_both():
    reading = opt_out.read("stop texting me I want to die")
    assert (reading.kind, reading.danger) == (Kind.HOLD, True)


@pytest.mark.parametrize(
    ("word", "own"),
    [("停止", "zh_Hant"), ("停止", "zh_Hans"), ("parar", "pt_BR"), ("Parar", "es"), ("取消", "zh_Hant")],
)
def test_a_word_of_several_languages_is_a_word_of_the_senders_own(word, own):
    assert opt_out.read(word, own=own) == opt_out.Reading(Kind.STOP, own)


def test_a_word_that_is_not_in_the_senders_own_language_is_a_word_of_the_one_it_is_in():
    assert opt_out.read("停止", own="es").language == "zh_Hans"
    assert opt_out.read("AYUDA", own="ar") == opt_out.Reading(Kind.HELP, "es")
