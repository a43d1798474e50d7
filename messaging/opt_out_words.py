"""The words people text to stop, start or ask for help, by language. Data only; how they match is `opt_out.py`.

Every list but English still needs a check by a native reader. Dangers: `danger_words.py`.
"""

from collections.abc import Mapping

REVIEWED = frozenset({"en"})

ACCENTS_FOLDED = frozenset({"en", "es", "fr", "ht", "pt_BR", "fil", "ar", "ru"})
"""In these languages people leave marks out when they text; elsewhere an accent makes another word."""

STOP: Mapping[str, tuple[str, ...]] = {
    "en": ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
    "es": (
        "alto", "parar", "pare", "basta", "cancelar", "detener", "no más", "baja", "dar de baja", "terminar",
        "desuscribir", "no más mensajes", "no más textos",
    ),
    "pt_BR": ("sair", "remover", "parar", "cancelar", "encerrar", "descadastrar", "chega"),
    "fr": ("arrêt", "arrêter", "arrêtez", "désabonner", "se désabonner", "désinscrire", "annuler"),
    "ht": ("sispann", "rete", "kanpe", "anile"),
    # not "huy" or "dung": both are given names
    "vi": ("ngừng", "dừng", "dừng lại", "hủy", "huỷ", "hủy bỏ", "ngung", "ngung lai", "dung lai", "huy bo"),
    "fil": ("itigil", "hinto", "ihinto", "tigil", "tumigil", "tama na", "kanselahin"),
    "zh_Hans": ("停止", "停", "退订", "取消", "结束"),
    "zh_Hant": ("停止", "停", "退訂", "取消", "結束"),
    "ar": ("توقف", "إيقاف", "إلغاء", "وقف", "أوقف", "إلغاء الاشتراك"),
    "ko": ("중지", "그만", "수신거부", "정지", "중단", "취소", "해지"),
    "ru": ("стоп", "отписаться", "отмена", "отписка", "остановить", "прекратить", "хватит"),
}  # fmt: skip

START: Mapping[str, tuple[str, ...]] = {
    "en": ("start", "unstop"),
    "es": ("iniciar", "reanudar", "empezar", "comenzar"),
    "pt_BR": ("começar", "retomar", "recomeçar"),
    "fr": ("démarrer", "commencer", "reprendre"),
    "ht": ("kòmanse", "rekòmanse"),
    "vi": ("bắt đầu", "bắt đầu lại", "bat dau", "bat dau lai"),
    "fil": ("simulan", "magsimula"),
    "zh_Hans": ("开始", "恢复"),
    "zh_Hant": ("開始", "恢復"),
    "ar": ("ابدأ", "بدء", "استئناف"),
    "ko": ("시작", "다시 시작"),
    "ru": ("старт", "начать", "возобновить"),
}
"""Never "yes", "si", "oui", "da": an answer to a question must not lift an opt-out."""

HELP: Mapping[str, tuple[str, ...]] = {
    "en": ("help", "info"),
    "es": ("ayuda",),
    "fr": ("aide",),
    "ht": ("ed", "èd"),
    "pt_BR": ("ajuda",),
    "fil": ("tulong",),
    "zh_Hans": ("帮助",),
    "zh_Hant": ("幫助",),
    "vi": ("trợ giúp", "tro giup"),
    "ar": ("مساعدة",),
    "ko": ("도움말", "도움"),
    "ru": ("помощь",),
}

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "1": ("one", "uno"),
    "2": ("two", "dos"),
    "3": ("three", "tres"),
    "4": ("four", "cuatro"),
    "5": ("five", "cinco"),
}

YES: Mapping[str, tuple[str, ...]] = {
    "en": ("yes", "y", "yeah", "yep"),
    "es": ("sí", "si"),
    "fr": ("oui",),
    "ht": ("wi",),
    "pt_BR": ("sim",),
    "vi": ("có", "vâng"),
    "fil": ("oo", "opo"),
    "zh_Hans": ("是", "是的"),
    "zh_Hant": ("是", "是的"),
    "ar": ("نعم",),
    "ko": ("네", "예"),
    "ru": ("да",),
}

MAY_WANT_STOP: Mapping[str, tuple[str, ...]] = {
    "en": (
        "don't text", "do not text", "dont text", "don't message", "do not message", "dont message",
        "don't contact", "do not contact", "dont contact", "no more texts", "no more text", "no more messages",
        "stop texting", "stop messaging", "stop sending", "stop contacting", "quit texting", "quit messaging",
        "quit sending", "leave me alone", "wrong number", "wrong person", "remove me", "remove my number",
        "delete my number", "lose my number", "take me off", "unsubscribe me", "don't want these",
        "dont want these", "don't want any more", "dont want any more", "don't want texts", "dont want texts",
    ),
    "es": (
        "no me escriba", "no me escriban", "no me escribas", "no me mande", "no me manden", "no me mandes",
        "no me envíe", "no me envíen", "no me envíes", "no me textee", "no me texteen", "no mande más",
        "no manden más", "déjenme", "déjeme en paz", "deje de", "dejen de", "paren de", "pare de", "no quiero más",
        "ya no quiero más", "no quiero recibir", "no los quiero recibir", "ya no quiero mensajes",
        "ya no quiero textos", "número equivocado", "se equivocó de número", "bórreme", "borre mi número",
        "quite mi número",
    ),
    "fr": (
        "ne m'écrivez plus", "ne m'envoyez plus", "n'envoyez plus", "arrêtez de", "plus de messages",
        "plus de textos", "laissez-moi tranquille", "mauvais numéro", "je ne veux plus recevoir",
        "retirez mon numéro",
    ),
    "ht": (
        "pa voye", "pa ekri m", "pa tekste m", "pa vle resevwa", "pa vle mesaj", "kite m anrepo", "move nimewo",
        "retire nimewo m",
    ),
    "pt_BR": (
        "não me mande", "não me mandem", "não me envie", "não me enviem", "não mande mais", "não mandem mais",
        "pare de", "parem de", "não quero mais", "não quero receber", "me deixe em paz", "número errado",
        "remova meu número",
    ),
    "vi": (
        "đừng nhắn", "đừng gửi", "đừng gởi", "không nhắn nữa", "không muốn nhận", "dung nhan tin", "dung gui",
        "nhầm số", "lộn số", "sai số", "nham so", "lon so",
    ),
    "fil": (
        "huwag na", "huwag nyo na", "wag na", "wag nyo na", "tigilan", "ayaw ko na ng text", "ayoko na ng text",
        "maling numero", "wrong number po",
    ),
    "zh_Hans": ("不要再发", "不要发", "别再发", "不要再联系", "不想收到", "不想再收到", "号码错误", "打错", "发错"),
    "zh_Hant": ("不要再發", "不要發", "別再發", "不要再聯絡", "不想收到", "不想再收到", "號碼錯誤", "打錯", "發錯"),
    "ar": ("لا ترسل", "لا تراسل", "لا تبعت", "لا أريد رسائل", "ما بدي رسائل", "مش عايز رسائل", "رقم خطأ", "رقم غلط"),
    "ko": (
        "보내지 마", "보내지마", "보내지 말", "연락하지 마", "문자하지 마", "받고 싶지 않", "그만 보내",
        "잘못된 번호", "번호 잘못",
    ),
    "ru": (
        "не пишите", "не присылайте", "не отправляйте", "не шлите", "не хочу получать", "больше не надо сообщений",
        "не тот номер", "ошиблись номером", "удалите мой номер",
    ),
}  # fmt: skip
"""Wishes to stop; they count in a text of any length."""

TOO_COMMON = frozenset(
    {
        *("end", "rete", "kanpe", "anile", "baja", "terminar", "sair", "remover", "encerrar", "annuler", "tama na"),
        *("停", "取消", "结束", "結束", "وقف", "أوقف", "정지", "취소", "해지", "중단", "остановить", "хватит"),
    }
)
"""Stop words that mean something else inside a sentence: alone they stop, within a sentence they do not hold."""
