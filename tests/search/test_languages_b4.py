"""Arabic, Creole, Russian, French, Portuguese: what is no need, what is danger, when and how help must be."""

import pytest

from search.needs import read

# page, words, the need they only sound like
NEAR = """
pt | certificado de manipulador de alimentos | food_pantry
pt | comida para cachorro | food_pantry
pt | abrigo de animais | emergency_shelter
pt | quero doar roupas | clothing
pt | número de telefone da prefeitura | phone_internet
pt | casa à venda | affordable_housing
pt | aluguel de carro | rent_help
pt | posto de gasolina | gas_help
pt | receita de bolo de chocolate | prescription_help
pt | parque aquático | water_bill
pt | vaga de motorista | medical_ride
pt | cartão de crédito | snap
pt | obras de casas baratas em Portugal | tenant_legal
pt | luz de natal | energy_bill
fr | permis d'hygiène alimentaire | food_pantry
fr | nourriture pour chien | food_pantry
fr | refuge pour animaux | emergency_shelter
fr | location de voiture | car_repair
fr | maison à vendre | affordable_housing
fr | numéro de téléphone de la mairie | phone_internet
fr | carte de crédit | snap
fr | faire un don de vêtements | clothing
fr | parc aquatique | water_bill
fr | station service | gas_help
fr | chauffeur Uber | medical_ride
fr | rideau de douche | day_center_showers
fr | punaises de lit | furniture_household
fr | trois couches de peinture | diapers
ru | корм для собаки | food_pantry
ru | приют для животных | emergency_shelter
ru | клопы в кровати | emergency_shelter
ru | отдать одежду | clothing
ru | номер телефона мэрии | phone_internet
ru | дом на продажу | affordable_housing
ru | аквапарк | water_bill
ru | прокат машины | car_repair
ru | рецепт борща | prescription_help
ru | кредитная карта | snap
ru | работа водителем | medical_ride
ru | заправка | gas_help
ru | санитарная книжка для работы с едой | food_pantry
ht | manje pou chen | food_pantry
ht | abri pou bèt | emergency_shelter
ht | kay pou vann | affordable_housing
ht | lwe machin | rent_help
ht | nimewo telefòn lakomin | phone_internet
ht | pinèz nan kabann | furniture_household
ht | kat kredi | snap
ht | estasyon gaz | gas_help
ht | dlo kokoye | water_bill
ht | fè don rad | clothing
ht | chofè Uber | medical_ride
ar | طعام للكلاب | food_pantry
ar | ملجأ للحيوانات | emergency_shelter
ar | بيت للبيع | affordable_housing
ar | بق الفراش | furniture_household
ar | رقم تلفون البلدية | phone_internet
ar | محطة بنزين | gas_help
ar | وصفة كيك | prescription_help
ar | تأجير سيارات | rent_help
ar | أتبرع بملابس | clothing
ar | سائق أوبر | medical_ride
ar | بطاقة ائتمان | snap
ar | شهادة سلامة الغذاء | food_pantry
en | pain in my back | food_pantry
en | car for sale | day_center_showers
en | note from the doctor | rent_help
en | chat with someone | legal_aid
en | location of the clinic | affordable_housing
en | four kids | furniture_household
en | baratas | tenant_legal
es | apartamentos baratas | tenant_legal
en | main street | food_pantry
en | bad dent in my car | dental_vision
en | pat the dog | hygiene_products
en | he is dan | dental_vision
"""
# page, words, the danger in them
DANGER = """
pt | tomei um monte de comprimidos | overdose
pt | meu filho engoliu uma pilha | poison
pt | acabou a insulina da minha mãe | medical
pt | não tô conseguindo respirar direito | medical
pt | ele me enforcou ontem | violence
pt | estou na rua com meus três filhos | no_shelter
pt | penso em me matar todo dia | suicide
pt | o padrasto bate nas crianças | child_abuse
pt | meu pai está com dor no peito | medical
fr | je vais me suicider | suicide
fr | ma fille a avalé de la javel | poison
fr | mon copain me tape dessus | violence
fr | il n'a plus d'insuline | medical
fr | papa n'arrive plus à respirer | medical
fr | on est à la rue avec les enfants | no_shelter
fr | il frappe mes enfants | child_abuse
fr | elle a pris trop de médicaments et ne respire plus | overdose
fr | j'ai une douleur à la poitrine | medical
ru | хочу покончить с собой | suicide
ru | брат передознулся и не дышит | overdose
ru | ребёнок выпил отбеливатель | poison
ru | муж меня избивает | violence
ru | у мамы закончился инсулин | medical
ru | отчим бьёт ребёнка | child_abuse
ru | мне тяжело дышать | medical
ru | сегодня негде ночевать с ребёнком | no_shelter
ru | я стою на улице с тремя детьми | no_shelter
ht | mwen anvi touye tet mwen | suicide
ht | pitit mwen bwe klowoks | poison
ht | mari m ap bat mwen | violence
ht | manman m pa ka respire | medical
ht | ensilin mwen fini | medical
ht | nou nan lari a ak timoun yo | no_shelter
ht | bope a ap bat timoun yo | child_abuse
ht | fre m pran twop gren li pa reveye | overdose
ht | lestomak mwen ap fe m mal | medical
ar | بفكر انتحر | suicide
ar | ابني شرب كلور | poison
ar | جوزي بيضربني وعايز يقتلني | violence
ar | أبي عنده وجع بصدره | medical
ar | أمي ما بتقدر تتنفس | medical
ar | خلص الأنسولين تبع أمي | medical
ar | أنا وأولادي بالشارع الليلة | no_shelter
ar | زوج أمي يضرب الأطفال | child_abuse
ar | أخي أخذ جرعة زائدة ولا يتنفس | overdose
"""
# page, words, the wish in them
WISHES = """
pt | comida aberto agora | open_now
pt | banco de alimentos que abre hoje | open_today
pt | onde jantar hoje à noite | open_tonight
pt | dentista no sábado | open_sat
pt | cesta básica na terça-feira | open_tue
pt | clínica no fim de semana | open_weekend
pt | comida sem documentos | no_papers
pt | não tenho identidade e preciso de comida | no_papers
pt | psicóloga por telefone | by_phone
pt | advogado que fala português | lang_pt
pt | médico que fale espanhol | lang_es
pt | abrigo com vaga | has_room
pt | abrigo para mulheres | for_women
fr | banque alimentaire ouverte maintenant | open_now
fr | repas gratuit ouvert aujourd'hui | open_today
fr | repas chaud ce soir | open_tonight
fr | dentiste le samedi | open_sat
fr | colis alimentaire le mercredi | open_wed
fr | clinique ouverte le week-end | open_weekend
fr | nourriture sans papiers | no_papers
fr | je n'ai pas de pièce d'identité et j'ai faim | no_papers
fr | psychologue par téléphone | by_phone
fr | médecin qui parle français | lang_fr
fr | avocat qui parle créole | lang_ht
fr | foyer avec de la place | has_room
ru | бесплатная еда открыто сейчас | open_now
ru | где сегодня открыто продукты | open_today
ru | поесть сегодня вечером | open_tonight
ru | зубной врач в субботу | open_sat
ru | продукты по средам | open_wed
ru | клиника в выходные | open_weekend
ru | еда без документов | no_papers
ru | у меня нет удостоверения, нужны продукты | no_papers
ru | психолог по телефону | by_phone
ru | врач говорит по-русски | lang_ru
ru | адвокат на украинском | lang_uk
ru | приют где есть свободные места | has_room
ht | manje ki louvri kounye a | open_now
ht | manje cho aswè a | open_tonight
ht | dantis samdi | open_sat
ht | manje nan wikenn | open_weekend
ht | manje san papye | no_papers
ht | mwen pa gen ID, mwen bezwen manje | no_papers
ht | sikològ nan telefòn | by_phone
ht | doktè ki pale kreyòl | lang_ht
ht | avoka ki pale franse | lang_fr
ht | shelter ki gen plas | has_room
ar | بنك طعام مفتوح الآن | open_now
ar | أكل مفتوح اليوم | open_today
ar | وجبة الليلة | open_tonight
ar | دكتور أسنان يوم السبت | open_sat
ar | عيادة نهاية الأسبوع | open_weekend
ar | طعام بدون هوية | no_papers
ar | ما معي أوراق وبدي أكل | no_papers
ar | معالج نفسي عبر الهاتف | by_phone
ar | طبيب يتكلم العربية | lang_ar
ar | محامي بيحكي عربي | lang_ar
ar | مترجم بالفرنسية | lang_fr
ar | ملجأ فيه مكان فاضي | has_room
"""
HARMLESS = """
ru | умираю от смеха
pt | morrendo de rir
fr | mort de rire
ht | mwen ap mouri ri
ar | رح موت من الضحك
pt | onde compro veneno para formiga
fr | il y a une bonne ambiance
ru | хочу жить лучше
pt | quero viver melhor
fr | je veux vivre mieux
ht | mwen vle viv pi byen
ar | أريد أن أعيش حياة أفضل
"""


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("page", "said", "need"), rows(NEAR))
def test_words_that_only_sound_like_a_need_are_not_read_as_it(page, said, need):
    assert need not in {item.need for item in read(said, page).needs}


@pytest.mark.parametrize(("page", "said", "kind"), rows(DANGER))
def test_danger_is_seen_on_every_page(page, said, kind):
    assert kind in read(said, page).urgent
    assert kind in read(said, "en").urgent


@pytest.mark.parametrize(("page", "said"), rows(HARMLESS))
def test_sayings_are_no_danger(page, said):
    assert read(said, page).urgent == ()


@pytest.mark.parametrize(("page", "said", "wish"), rows(WISHES))
def test_wishes_in_the_words_become_filters(page, said, wish):
    assert wish in read(said, page).constraints
