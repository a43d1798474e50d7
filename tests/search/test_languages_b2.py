"""What Russian and French speakers type, and the need read first: inflected, colloquial, whole complaints."""

import pytest

from search.needs import read

RUSSIAN = """
дома совсем не осталось еды, помогите | food_pantry
где сегодня раздают бесплатные продукты | food_pantry
дети голодные, а зарплата только через неделю | child_meals food_pantry
где можно поесть горячего бесплатно | hot_meals
моей маме 80 лет, она не может готовить, нужна доставка обедов | home_delivered_meals
обеды для пенсионеров в центре | senior_meals
как оформить фудстемпы | snap
у меня закрыли карту EBT | snap
я беременна, как попасть в программу вик | wic
закончилась смесь для малыша | infant_formula
будут ли летом обеды для школьников и детей | child_meals
мне нужен диетолог, у меня диабет | medical_food
хочу свежие овощи подешевле | produce_vouchers
некому отвезти меня к врачу | medical_ride
как маме добираться на диализ три раза в неделю | medical_ride
нет денег на проезд в автобусе | bus_pass
муж на инвалидной коляске, нужна машина с подъёмником | paratransit
бабушку надо возить в магазин за продуктами | senior_ride
не на что заправить машину | gas_help
у меня сломалась машина, а на ремонт нет денег | car_repair
нашёл работу, но не на чем туда добираться на работу | work_ride
сын в больнице в другом городе, где нам остановиться возле больницы | medical_lodging
хозяйка выгнала нас, негде жить | emergency_shelter
мы третий день ночуем в машине | emergency_shelter
очень холодно дома, нужны одеяла | warming_cooling
не могу заплатить за квартиру за прошлый месяц | rent_help
задолжали за аренду два месяца | rent_help
нужны деньги на депозит для новой квартиры | move_in_costs
хозяин квартиры хочет нас выселить | tenant_legal
в квартире тараканы и плесень, лендлорд ничего не делает | tenant_legal
ищем жильё подешевле для семьи | affordable_housing
как встать на очередь на восьмую программу | affordable_housing
хотим выйти из приюта и найти своё жильё | rapid_rehousing
у нас течёт крыша | home_repair
банк забирает наш дом, не платили ипотеку | mortgage_help
детям не на чем спать, нужны кровати | furniture_household
где можно принять душ и постирать вещи | day_center_showers
мне очень плохо на душе, хочу с кем-то поговорить | counseling
постоянная тревога, не сплю ночами | counseling
я больше не хочу жить | crisis_support
нужен психиатр, закончились антидепрессанты | psychiatry
дочка-подросток режет себя, ищу психолога | youth_counseling crisis_support
хочу бросить пить, но меня трясёт, нужен детокс | detox
положить брата в реабилитационный центр | residential_treatment
муж пьёт каждый день, где лечат от алкоголизма | outpatient_substance_use
где выдают метадон | opioid_medication
обменять шприцы на чистые | harm_reduction
группа анонимных алкоголиков на русском | recovery_groups
где жить после рехаба, трезвый дом | sober_living
у меня недавно умер муж | grief_support
нам вчера отключили электричество | energy_bill
нечем платить за газ и отопление | energy_bill
отключили воду за неуплату | water_bill
дешёвый интернет для учёбы ребёнка | phone_internet
как получать пособие на детей каждый месяц | cash_assistance
не хватает денег на похороны мамы | emergency_funds
хочу подать на инвалидность, не могу работать | disability_benefits
меня уволили, ищу новую работу | job_search
кто поможет заполнить налоговую декларацию | tax_help
пришёл огромный счёт из больницы | medical_bills
лекарства очень дорогие, не могу купить | prescription_help
у меня нет медицинской страховки | health_insurance
не с кем оставить ребёнка, пока я на работе | child_care
нужны памперсы четвёртого размера | diapers
детям нужны тёплые куртки на зиму | clothing
прокладки и мыло бесплатно | hygiene_products
муж поднимает на меня руку | dv_safety
боюсь бывшего, он мне угрожает | dv_safety
нужен юрист для развода и алиментов | legal_aid
адвокат, чтобы подать на политическое убежище | immigration_legal
как продлить разрешение на работу | immigration_legal
украли сумку со всеми документами | id_documents
хочу выучить английский | adult_education
сильно болит зуб | dental_vision
нужны новые очки | dental_vision
врач, который принимает без страховки | primary_care
сделать ребёнку прививки для школы | primary_care
где взять инвалидную коляску напрокат | medical_equipment
нужна сиделка для лежачей мамы | home_care_respite
я живу одна, мне очень одиноко | social_connection
подскажите где церковь раздаёт еду | food_pantry
денег ни копейки, кормить детей нечем | child_meals food_pantry emergency_funds
продлить талоны на продукты | snap
где покормят бездомного обедом | hot_meals
привозят ли еду лежачим больным | home_delivered_meals
на химиотерапию ездить не на чем | medical_ride
льготный проездной для пенсионера | bus_pass
спустило колесо, а на новую шину денег нет | car_repair
родственники попросили съехать, идти нам некуда | emergency_shelter
получили повестку о выселении из квартиры | tenant_legal
лендлорд сменил замок | tenant_legal
хочу снять недорогую комнату | affordable_housing
сломался бойлер, нет горячей воды | home_repair
отдам или приму диван и стол | furniture_household
после родов всё время плачу | counseling
ищу русскоязычного психолога | counseling
сына травят одноклассники в школе | youth_counseling
брат колется, хочет слезть с иглы | detox outpatient_substance_use opioid_medication
потеряла маму и не могу прийти в себя | grief_support
отключают газ за долги | energy_bill
пришло уведомление что отключат свет | energy_bill
заблокировали телефон за неуплату | phone_internet
как оформить пособие по безработице | job_search
курсы медсестры или другой профессии | job_search adult_education
получить ITIN и подать налоги | tax_help
инсулин стоит слишком дорого | prescription_help
у детей нет страховки | health_insurance
место в садике для двухлетней дочки | child_care
нужна коляска и автокресло | diapers
сапоги и пальто для девочки | clothing
сожитель ударил меня по лицу | dv_safety
начальник не заплатил зарплату, нужен адвокат | legal_aid
мужа забрала иммиграционная служба | immigration_legal
восстановить свидетельство о рождении | id_documents
вечерние уроки английского для начинающих | adult_education
мама плохо видит, нужен окулист | dental_vision
я на третьем месяце беременности, где наблюдаться | primary_care
ходунки для пожилой женщины | medical_equipment
кто может сидеть с больной мамой пока я работаю | home_care_respite
клуб где пенсионеры общаются | social_connection
со вчерашнего дня ничего не ел | food_pantry hot_meals
бабушка сама уже не может помыться | home_care_respite
брат колется героином | opioid_medication outpatient_substance_use detox harm_reduction
поликлиника без страховки | primary_care
сломалась плита, не на чем готовить | furniture_household
некому забирать детей из школы, пока я на работе | child_care work_ride
должны три тысячи за скорую помощь | medical_bills
потерял грин-карту | immigration_legal id_documents
собрания анонимных наркоманов | recovery_groups
проблемы в браке, плачу каждый день | counseling
дочь не выходит из комнаты и не ест, нужна терапия для подростка | youth_counseling
школьная форма и рюкзак | clothing
оформить удостоверение личности штата | id_documents
не умею пользоваться компьютером | adult_education phone_internet
бесплатные лекарства от диабета | prescription_help
муж не выпускает меня из дома | dv_safety
сделать пандус у дома | home_repair
потеряла работу и нас выселяют | job_search tenant_legal rent_help
сижу без копейки до зарплаты | emergency_funds
отвезти маму на физиотерапию | medical_ride senior_ride
родился малыш, а у нас ничего для него нет | diapers
"""
FRENCH = """
il n'y a plus rien dans le frigo et on est cinq à la maison | food_pantry
où est-ce qu'on distribue des colis alimentaires par ici | food_pantry
les petits ont faim et je suis pas encore payée | child_meals food_pantry
je cherche un endroit qui sert un repas chaud ce midi | hot_meals
ma mère de 85 ans ne peut plus cuisiner, il faudrait lui livrer ses repas | home_delivered_meals
un club où les personnes âgées déjeunent ensemble | senior_meals
comment je fais pour avoir les food stamps | snap
ma carte EBT ne marche plus | snap
je suis enceinte, où s'inscrire au WIC | wic
je n'ai plus de lait en poudre pour le bébé | infant_formula
est-ce que la cantine de l'école est gratuite pour mes enfants | child_meals
je suis diabétique et je veux voir une diététicienne | medical_food
où trouver des légumes frais pas chers | produce_vouchers
j'ai rendez-vous jeudi et personne pour m'emmener chez le médecin | medical_ride
il me faut un transport pour mes séances de dialyse | medical_ride
je n'ai pas de quoi payer le bus | bus_pass
mon père est en fauteuil roulant et a besoin d'un véhicule adapté | paratransit
ma grand-mère a besoin qu'on l'emmène faire les courses | senior_ride
je suis en panne d'essence et fauché | gas_help
ma voiture est tombée en panne et le garagiste est trop cher | car_repair
j'ai trouvé un boulot mais comment aller au travail sans voiture | work_ride
mon fils est opéré loin, on cherche où loger près de l'hôpital | medical_lodging
mon cousin m'a mis dehors, je sais pas où dormir | emergency_shelter
nous dormons dans la voiture depuis lundi | emergency_shelter
on gèle, il nous faut des couvertures | warming_cooling
je dois trois mois de loyer | rent_help
j'arrive plus à payer mon loyer depuis que j'ai perdu mes heures | rent_help
il me manque la caution pour le nouvel appartement | move_in_costs
le propriétaire veut nous expulser | tenant_legal
il y a des punaises de lit et le proprio fait rien | tenant_legal
on cherche un logement moins cher pour quatre | affordable_housing
comment s'inscrire au section 8 | affordable_housing
on vit au foyer et on voudrait en sortir, avoir notre appart, quitter le foyer | rapid_rehousing
mon toit fuit quand il pleut | home_repair
la banque va saisir ma maison, je ne paie plus le crédit | mortgage_help
mes gosses dorment par terre, il faudrait des lits | furniture_household
où je peux prendre une douche et laver mon linge | day_center_showers
je me sens très mal, j'aimerais parler à quelqu'un | counseling
je fais des crises d'angoisse toutes les nuits | counseling
j'ai envie de mourir | crisis_support
il me faut un psychiatre pour renouveler mes antidépresseurs | psychiatry
mon ado se scarifie, je cherche un psy | youth_counseling crisis_support
je veux arrêter de boire mais je tremble quand j'arrête | detox
je voudrais faire une cure dans un centre | residential_treatment
mon frère se drogue, où peut-il se faire aider | outpatient_substance_use
traitement à la méthadone | opioid_medication
où trouver des seringues propres | harm_reduction
y a-t-il une réunion des alcooliques anonymes près d'ici | recovery_groups
une maison sobre après ma cure | sober_living
mon mari est décédé il y a deux semaines | grief_support
ils ont coupé notre électricité ce matin | energy_bill
la facture de chauffage est énorme cet hiver | energy_bill
on va nous couper l'eau | water_bill
internet pas cher pour les devoirs des enfants | phone_internet
une aide du gouvernement tous les mois pour ma famille | cash_assistance
payer les obsèques de mon père | emergency_funds
faire une demande de SSI parce que je ne peux plus travailler | disability_benefits
j'ai été licencié et je cherche du boulot | job_search
qui peut m'aider à remplir ma déclaration d'impôts | tax_help
l'hôpital m'a envoyé une facture énorme | medical_bills
je n'ai pas les moyens d'acheter mes médicaments | prescription_help
on m'a retiré mon medicaid | health_insurance
personne pour garder mon bébé pendant que je travaille | child_care
il me faut des couches taille 3 et des lingettes | diapers
des manteaux pour mes enfants cet hiver | clothing
serviettes hygiéniques et savon | hygiene_products
mon compagnon me tape devant les enfants | dv_safety
j'ai peur de mon ex, il me menace | dv_safety
j'ai besoin d'un avocat pour mon divorce | legal_aid
demander l'asile, qui peut m'aider | immigration_legal
mon visa est expiré | immigration_legal
on m'a volé ma carte d'identité | id_documents
je voudrais apprendre l'anglais le soir | adult_education
j'ai très mal à une dent | dental_vision
il me faut des lunettes neuves | dental_vision
voir un médecin sans assurance | primary_care
où faire vacciner mon fils pour l'école | primary_care
emprunter un fauteuil roulant pour ma mère | medical_equipment
je m'occupe seule de ma mère qui a alzheimer | home_care_respite
je suis vieille et toute seule chez moi | social_connection
une association qui donne de la nourriture le week-end | food_pantry
je n'ai plus un rond et rien à donner à manger aux petits | food_pantry child_meals emergency_funds
renouveler mes coupons alimentaires | snap
où manger gratuitement ce soir avec mon fils | hot_meals child_meals food_pantry
on peut me livrer des repas, je sors de l'hôpital | home_delivered_meals
je n'ai aucun moyen de me rendre à l'hôpital pour ma chimio | medical_ride
une carte de bus à tarif réduit | bus_pass
mes pneus sont morts et je peux pas en acheter | car_repair
ma tante ne veut plus de nous, on n'a nulle part où aller | emergency_shelter
j'ai reçu un avis d'expulsion | tenant_legal
le bailleur a changé la serrure | tenant_legal
une chambre à louer pas trop chère | affordable_housing
le chauffe-eau est cassé et je suis propriétaire sans argent | home_repair
il me manque un frigo et une table | furniture_household
je pleure sans arrêt depuis que j'ai accouché | counseling
un psychologue qui parle français | counseling
mon garçon est harcelé à l'école | youth_counseling
mon mari boit beaucoup trop et devient méchant | outpatient_substance_use dv_safety
j'ai perdu mon bébé et je n'arrive pas à m'en remettre | grief_support
on m'a coupé le gaz | energy_bill
je n'arrive plus à payer EDF | energy_bill
mon téléphone a été coupé et j'en ai besoin pour chercher du travail | phone_internet job_search
les allocations chômage, comment s'inscrire | job_search
une formation d'aide-soignante | job_search adult_education
remplir le formulaire ITIN pour les taxes | tax_help
l'insuline coûte trop cher | prescription_help
mes enfants n'ont pas d'assurance maladie | health_insurance
une place en crèche pour ma fille de 2 ans | child_care
il nous faut une poussette et un siège auto | diapers
des chaussures pour mon fils, pointure 36 | clothing
il m'a giflée et jetée contre le mur | dv_safety
mon patron ne m'a pas payé, il me faut un avocat | legal_aid
mon mari a été arrêté par ICE | immigration_legal
refaire mon acte de naissance | id_documents
je ne sais ni lire ni écrire | adult_education
faire contrôler ma vue | dental_vision
je suis enceinte de trois mois, où me faire suivre | primary_care
un déambulateur pour ma grand-mère | medical_equipment
quelqu'un pour garder ma mère malade pendant que je travaille | home_care_respite
des activités pour rencontrer d'autres retraités | social_connection
je n'ai rien mangé depuis hier | food_pantry hot_meals
mon père n'arrive plus à s'habiller tout seul | home_care_respite
mon frère se pique à l'héroïne | opioid_medication outpatient_substance_use detox harm_reduction
clinique sans assurance | primary_care
la cuisinière est cassée et on mange froid | furniture_household
personne pour chercher mes enfants à l'école quand je travaille | child_care work_ride
je dois deux mille dollars aux urgences | medical_bills
j'ai perdu ma green card | immigration_legal id_documents
réunion des narcotiques anonymes ce soir | recovery_groups
mon couple va mal et je pleure tous les jours | counseling
ma fille de 14 ans ne sort plus de sa chambre, il lui faut une thérapie | youth_counseling
un uniforme et un cartable pour la rentrée | clothing
faire une carte d'identité de l'état | id_documents
je ne sais pas me servir d'un ordinateur | adult_education phone_internet
médicaments gratuits pour le diabète | prescription_help
mon mari m'interdit de sortir | dv_safety
installer une rampe devant la maison | home_repair
j'ai perdu mon travail et je vais être expulsé | job_search tenant_legal rent_help
je suis à sec jusqu'à la fin du mois | emergency_funds
une navette pour emmener maman chez le kiné | medical_ride senior_ride paratransit
mon bébé vient de naître et je n'ai rien pour lui | diapers
"""


@pytest.mark.parametrize("line", RUSSIAN.strip().splitlines())
@pytest.mark.parametrize("page", ["ru", "en"])
def test_russian_is_read_as_the_need_behind_it_on_its_own_and_on_an_english_page(line, page):
    said, _, meant = line.rpartition("|")
    reading = read(said, page)
    assert reading.needs
    assert reading.needs[0].need in meant.split()


@pytest.mark.parametrize("line", FRENCH.strip().splitlines())
@pytest.mark.parametrize("page", ["fr", "en"])
def test_french_is_read_as_the_need_behind_it_on_its_own_and_on_an_english_page(line, page):
    said, _, meant = line.rpartition("|")
    reading = read(said, page)
    assert reading.needs
    assert reading.needs[0].need in meant.split()
