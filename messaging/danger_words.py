"""What people text when somebody is in danger, by language, and sayings that only sound so. Data only.

Rather one alarm too many: a person reads each. Every list but English still needs a check by a native reader.
"""

from collections.abc import Mapping

DANGER: Mapping[str, tuple[str, ...]] = {
    "en": (
        "kill myself", "killing myself", "kms", "suicide", "suicidal", "want to die", "wanna die", "end my life",
        "end it all", "take my own life", "don't want to live", "dont want to live", "do not want to live",
        "don't want to be alive", "better off dead", "hurt myself", "hurting myself", "cut myself",
        "cutting myself", "hurt me", "hurts me", "hurting me", "hits me", "hit me", "hitting me", "beats me",
        "beat me", "beating me", "kill me", "chokes me", "choked me", "choking me", "raped", "has a gun",
        "threatened me", "overdose", "overdosed",
    ),
    "es": (
        "suicidio", "suicidarme", "suicida", "matarme", "me quiero matar", "quiero morir", "quiero morirme",
        "me quiero morir", "ganas de morir", "no quiero vivir", "no quiero seguir viviendo", "mejor me muero",
        "acabar con mi vida", "quitarme la vida", "hacerme daño", "cortarme las venas", "me pega", "me pego",
        "me pegó", "me golpea", "me golpeó", "me maltrata", "me va a matar", "me quiere matar", "me amenazó",
        "me violó", "me violaron", "sobredosis",
    ),
    "fr": (
        "suicide", "me suicider", "me tuer", "envie de mourir", "veux mourir", "ne veux plus vivre",
        "veux plus vivre", "mettre fin à mes jours", "en finir avec la vie", "me faire du mal", "me frappe",
        "m'a frappé", "m'a frappée", "me bat", "va me tuer", "veut me tuer", "m'a violée", "overdose", "surdose",
    ),
    "ht": (
        "touye tèt", "swisid", "vle mouri", "anvi mouri", "pito mouri", "pa vle viv", "pa anvi viv", "ap bat mwen",
        "ap bat m", "bat mwen", "frape m", "vle touye m", "pral touye m", "vyole m", "ovèdòz",
    ),
    "pt_BR": (
        "suicídio", "me suicidar", "me matar", "quero morrer", "vontade de morrer", "não quero viver",
        "não quero mais viver", "acabar com minha vida", "tirar minha vida", "me machucar", "me bate", "me bateu",
        "me espanca", "me ameaçou", "me estuprou", "overdose",
    ),
    "vi": (
        "tự tử", "tự sát", "muốn chết", "không muốn sống", "chết cho rồi", "kết liễu", "tự hại", "đánh tôi",
        "đánh em", "bị đánh", "bóp cổ", "giết tôi", "quá liều", "muon chet", "khong muon song", "danh toi",
    ),
    "fil": (
        "magpakamatay", "magpapakamatay", "gusto ko nang mamatay", "gusto ko na mamatay",
        "gusto ko na pong mamatay", "gusto kong mamatay", "ayoko nang mabuhay", "ayaw ko nang mabuhay",
        "mamatay na lang", "sinasaktan", "sinaktan ako", "binubugbog", "binugbog", "sinuntok ako", "papatayin",
        "na overdose", "overdose",
    ),
    "zh_Hans": (
        "自杀", "想死", "不想活", "活不下去", "结束生命", "不如死", "死了算了", "自残", "割腕", "跳楼", "打我",
        "被打", "家暴", "要杀我", "掐我", "强奸", "吸毒过量", "药物过量",
    ),
    "zh_Hant": (
        "自殺", "想死", "不想活", "唔想活", "活不下去", "結束生命", "不如死", "死了算了", "自殘", "割腕", "跳樓",
        "打我", "被打", "家暴", "要殺我", "掐我", "強姦", "吸毒過量", "藥物過量",
    ),
    "ar": (
        "انتحار", "انتحر", "أقتل نفسي", "أريد أن أموت", "أريد الموت", "بدي أموت", "عايز أموت", "عايزة أموت",
        "أتمنى الموت", "لا أريد أن أعيش", "يضربني", "بيضربني", "ضربني", "خنقني", "سيقتلني", "يقتلني", "يهددني",
        "اغتصبني", "جرعة زائدة",
    ),
    "ko": (
        "자살", "죽고 싶", "죽고싶", "살기 싫", "살고 싶지 않", "죽어버리", "자해", "극단적인 선택", "나를 때",
        "저를 때", "날 때려", "때려요", "맞고 살", "목을 조", "죽이겠", "죽인다고", "성폭행", "과다 복용",
        "과다복용",
    ),
    "ru": (
        "самоубий", "хочу умереть", "лучше умереть", "не хочу жить", "не хочется жить", "покончить с собой",
        "убить себя", "убью себя", "бьет меня", "меня бьет", "избил", "избивает", "угрожает убить", "меня убьет",
        "изнасил", "передозировк",
    ),
}  # fmt: skip

SAYINGS = (
    "打我电话", "打我的电话", "打我手机", "打我的手机", "打我電話", "打我的電話", "打我手機", "打我的手機",
    "被打折", "被打断", "被打斷", "被打扰", "被打擾", "想死你", "me muero de risa", "hit me up", "beat me to it",
    "beats me why", "đói muốn chết", "mệt muốn chết", "cười muốn chết", "nóng muốn chết", "quiero morir de risa",
    "quiero morir de vergüenza", "mamatay na lang sa tawa",
)  # fmt: skip
"""Taken out before the dangers are looked for."""
