"""Chinese, Korean, Vietnamese and Filipino: what only sounds like a need, words of danger, and wishes that filter."""

import pytest

from search.needs import read

NO_NEED = {
    "zh": [
        "食品卫生执照考试",
        "水上乐园门票",
        "房子出售",
        "猫粮哪里买",
        "流浪狗领养",
        "我想捐衣服",
        "买灯泡",
        "今天看电影",
        "飞机票打折",
    ],
    "ko": [
        "식품 위생 교육 수료증",
        "워터파크 입장권",
        "집 팝니다",
        "고양이 사료",
        "유기견 입양",
        "헌옷 기부하고 싶어요",
        "전구 교체",
        "렌터카 예약",
        "맛집 추천",
        "비행기표 값",
    ],
    "vi": [
        "giấy phép vệ sinh an toàn thực phẩm",
        "công viên nước",
        "bán nhà ở San Jose",
        "thức ăn cho mèo",
        "nhận nuôi chó",
        "tôi muốn quyên góp quần áo",
        "mua bóng đèn",
        "thuê xe hơi đi chơi",
        "vé máy bay về Việt Nam",
    ],
    "fil": [
        "food handler's permit",
        "water park",
        "bahay at lupa na binebenta",
        "pagkain ng pusa",
        "shelter ng aso",
        "gusto kong mag-donate ng damit",
        "bombilya",
        "rent a car",
        "tiket sa eroplano pauwi ng Pilipinas",
    ],
}
DRIVING_JOBS = [
    ("zh", "卡车司机招聘"),
    ("zh", "网约车司机工作"),
    ("ko", "트럭 운전 기사 모집"),
    ("ko", "배달 알바 구함"),
    ("vi", "tuyển tài xế xe tải"),
    ("vi", "làm tài xế Uber"),
    ("fil", "hiring po ng truck driver"),
    ("fil", "trabaho bilang grab driver"),
]
URGENT = [
    ("zh", "我真的不想活了", "suicide"),
    ("zh", "我老婆說要自殺", "suicide"),
    ("zh", "我弟弟吸毒过量，叫不醒", "overdose"),
    ("zh", "孩子误吞了电池", "poison"),
    ("zh", "男朋友掐我脖子还说要杀我", "violence"),
    ("zh", "我丈夫打我女儿", "child_abuse"),
    ("zh", "爸爸胸口很痛，喘不上气", "medical"),
    ("zh", "我的胰島素用完了", "medical"),
    ("zh", "今晚我和孩子没地方睡", "no_shelter"),
    ("ko", "그냥 죽고 싶어요", "suicide"),
    ("ko", "동생이 약을 너무 많이 먹었어요", "overdose"),
    ("ko", "아이가 세제를 마셨어요", "poison"),
    ("ko", "남자친구가 저를 때리고 목을 졸랐어요", "violence"),
    ("ko", "남편이 아이를 때려요", "child_abuse"),
    ("ko", "어머니가 가슴이 아프고 숨을 못 쉬세요", "medical"),
    ("ko", "인슐린이 다 떨어졌어요", "medical"),
    ("ko", "오늘 밤 애들이랑 잘 데가 없어요", "no_shelter"),
    ("vi", "con trai tôi muốn tự tử", "suicide"),
    ("vi", "toi khong muon song nua", "suicide"),
    ("vi", "anh tôi bị sốc thuốc, không thở", "overdose"),
    ("vi", "con tôi uống nhầm thuốc tẩy", "poison"),
    ("vi", "chồng tôi đòi giết tôi", "violence"),
    ("vi", "chong toi danh toi", "violence"),
    ("vi", "bạn trai tôi hành hạ con tôi, đánh con tôi hoài", "child_abuse"),
    ("vi", "mẹ tôi bị đau ngực khó thở", "medical"),
    ("vi", "hết insulin rồi", "medical"),
    ("vi", "đêm nay mẹ con tôi không có chỗ ngủ", "no_shelter"),
    ("fil", "gusto ko na pong mamatay", "suicide"),
    ("fil", "magpapakamatay daw ang kapatid ko", "suicide"),
    ("fil", "na-overdose ang kuya ko at hindi magising", "overdose"),
    ("fil", "nakainom ng bleach ang anak ko", "poison"),
    ("fil", "papatayin daw ako ng asawa ko", "violence"),
    ("fil", "sinasaktan niya ang mga bata", "child_abuse"),
    ("fil", "hindi makahinga si lola at masakit ang dibdib", "medical"),
    ("fil", "wala na akong insulin", "medical"),
    ("fil", "wala po kaming matulugan ng mga anak ko ngayong gabi", "no_shelter"),
]
CALM = [
    ("zh", "请打我的电话"),
    ("zh", "今天热死了"),
    ("zh", "饿死了想吃饭"),
    ("zh", "打孩子的疫苗"),
    ("ko", "더워 죽겠어요"),
    ("ko", "남편 때문에 병원비가 필요해요"),
    ("ko", "일할 때 아이를 맡길 곳"),
    ("vi", "đói muốn chết"),
    ("vi", "bàn chải đánh răng"),
    ("vi", "cần người đánh máy hồ sơ"),
    ("fil", "pamatay ng ipis"),
    ("fil", "masakit ang ngipin ko"),
]
WISHES = [
    ("zh", "今晚还有吃饭的地方吗", "open_tonight"),
    ("zh", "星期六開門的食物銀行", "open_sat"),
    ("zh", "周末领食物", "open_weekend"),
    ("zh", "現在開著的庇護所", "open_now"),
    ("zh", "没有身份证可以领食物吗", "no_papers"),
    ("zh", "会讲中文的牙医", "lang_zh"),
    ("zh", "講廣東話的醫生", "lang_zh"),
    ("zh", "可以打电话咨询的律师", "by_phone"),
    ("ko", "토요일에 여는 푸드뱅크", "open_sat"),
    ("ko", "오늘 밤 갈 수 있는 쉼터", "open_tonight"),
    ("ko", "지금 문 연 병원", "open_now"),
    ("ko", "신분증 없이 받을 수 있는 음식", "no_papers"),
    ("ko", "한국말 하는 상담사", "lang_ko"),
    ("ko", "전화로 상담하고 싶어요", "by_phone"),
    ("ko", "주말에 하는 영어 수업", "open_weekend"),
    ("vi", "chỗ phát đồ ăn mở cửa thứ bảy", "open_sat"),
    ("vi", "cho an mien phi toi nay", "open_tonight"),
    ("vi", "phòng khám nào đang mở cửa", "open_now"),
    ("vi", "xin thực phẩm không cần giấy tờ", "no_papers"),
    ("vi", "nha sĩ nói tiếng Việt", "lang_vi"),
    ("vi", "tư vấn qua điện thoại", "by_phone"),
    ("vi", "nhà thờ phát gạo cuối tuần", "open_weekend"),
    ("fil", "food pantry na bukas sa Sabado", "open_sat"),
    ("fil", "shelter ngayong gabi", "open_tonight"),
    ("fil", "klinika na bukas ngayon", "open_now"),
    ("fil", "libreng pagkain kahit walang ID", "no_papers"),
    ("fil", "doktor na marunong mag-Tagalog", "lang_fil"),
    ("fil", "counseling sa telepono", "by_phone"),
    ("fil", "bukas tuwing Linggo na simbahan na namimigay ng pagkain", "open_sun"),
]


@pytest.mark.parametrize(("language", "said"), [(tongue, said) for tongue, items in NO_NEED.items() for said in items])
def test_words_that_only_sound_like_a_need_are_none(language, said):
    assert read(said, language).needs == ()


@pytest.mark.parametrize(("language", "said"), DRIVING_JOBS)
def test_a_job_as_a_driver_is_no_ride_and_no_meal(language, said):
    assert {item.need for item in read(said, language).needs} <= {"job_search"}


@pytest.mark.parametrize(("language", "said", "kind"), URGENT)
def test_words_of_danger_are_seen(language, said, kind):
    assert kind in read(said, language).urgent
    assert kind in read(said, "en").urgent


@pytest.mark.parametrize(("language", "said"), CALM)
def test_sayings_are_no_danger(language, said):
    assert read(said, language).urgent == ()


@pytest.mark.parametrize(("language", "said", "wish"), WISHES)
def test_wishes_in_the_words_become_filters(language, said, wish):
    assert wish in read(said, language).constraints
