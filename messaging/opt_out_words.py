"""The words people text to stop, start or ask for help, by language. Data only; how they match is `opt_out.py`.

Every list but English still needs a check by a native reader.
"""

from collections.abc import Mapping

REVIEWED = frozenset({"en"})

ACCENTS_FOLDED = frozenset({"en", "es", "fr", "ht", "pt_BR"})
"""In these languages people leave accents out when they text; elsewhere an accent makes another word."""

STOP: Mapping[str, tuple[str, ...]] = {
    "en": ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
    "es": ("alto", "parar", "pare", "basta", "cancelar", "detener", "no más", "baja", "dar de baja"),
    "pt_BR": ("sair", "remover", "parar", "cancelar"),
    "fr": ("arrêt", "arrêter", "désabonner"),
    "ht": ("sispann", "rete"),
    # not "huy" or "dung": both are given names
    "vi": ("ngừng", "dừng lại", "hủy", "ngung", "dung lai"),
    "fil": ("itigil", "hinto"),
    "zh_Hans": ("停止", "停", "退订", "取消"),
    "zh_Hant": ("停止", "停", "退訂", "取消"),
    "ar": ("توقف", "إيقاف", "ايقاف", "إلغاء", "الغاء"),
    "ko": ("중지", "그만", "수신거부"),
    "ru": ("стоп", "отписаться", "отмена"),
}

START: Mapping[str, tuple[str, ...]] = {
    "en": ("start", "unstop"),
    "es": ("iniciar", "reanudar"),
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
    "vi": ("trợ giúp",),
    "ar": ("مساعدة",),
    "ko": ("도움말",),
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
        "don't text", "do not text", "dont text", "no more texts", "no more messages", "leave me alone", "wrong number",
        "stop texting", "remove me", "take me off",
    ),
    "es": (
        "no me escriba", "no me escriban", "no me mande", "no me manden", "no me envíe", "no me envíen", "déjenme",
        "deje de", "dejen de", "no quiero más", "ya no quiero", "número equivocado", "bórreme",
    ),
    "fr": ("ne m'écrivez plus", "mauvais numéro"),
    "ht": ("pa voye", "pa ekri m", "move nimewo"),
    "pt_BR": ("não me mande", "não quero mais", "número errado"),
    "vi": ("đừng nhắn", "nhầm số"),
    "fil": ("huwag na", "maling numero"),
    "zh_Hans": ("不要再发", "别再发", "号码错误"),
    "zh_Hant": ("不要再發", "別再發", "號碼錯誤"),
    "ar": ("لا ترسل", "لا تراسل", "رقم خطأ"),
    "ko": ("보내지 마", "잘못된 번호"),
    "ru": ("не пишите", "не присылайте", "не тот номер"),
}  # fmt: skip

TOO_COMMON = frozenset({"end", "rete", "baja", "sair", "停", "取消", "remover"})
"""Stop words that mean something else inside a sentence: alone they stop, within a sentence they do not hold."""

DANGER: Mapping[str, tuple[str, ...]] = {
    "en": (
        "kill myself", "killing myself", "suicide", "suicidal", "want to die", "end my life", "hurt me", "hurts me",
        "hurting me", "hits me", "beats me", "kill me", "overdose", "hurt myself",
    ),
    "es": (
        "suicidio", "suicidarme", "matarme", "quiero morir", "me pega", "me golpea", "me va a matar", "hacerme daño",
        "quitarme la vida", "sobredosis",
    ),
    "fr": ("suicide", "me tuer", "il me frappe", "envie de mourir"),
    "ht": ("touye tèt", "vle mouri", "ap bat mwen"),
    "pt_BR": ("suicídio", "me matar", "quero morrer", "me bate"),
    "vi": ("tự tử", "tự sát", "muốn chết", "đánh tôi"),
    "fil": ("magpakamatay", "gusto ko nang mamatay", "sinasaktan"),
    "zh_Hans": ("自杀", "想死", "打我"),
    "zh_Hant": ("自殺", "想死", "打我"),
    "ar": ("انتحار", "أقتل نفسي", "يضربني"),
    "ko": ("자살", "죽고 싶"),
    "ru": ("самоубий", "хочу умереть", "бьет меня"),
}  # fmt: skip
