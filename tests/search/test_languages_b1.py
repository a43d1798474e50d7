"""What Arabic and Haitian Creole speakers type, and the need read first: dialects, spellings, whole complaints."""

import pytest

from search.needs import read

ARABIC = """
والله ما ضل عنا شي ناكله بالبيت | food_pantry
وين عم يوزعوا سلات غذائية هالأسبوع | food_pantry
ولادي جوعانين وما قبضت لسا | child_meals food_pantry
محل بيعطي وجبة ساخنة اليوم | hot_meals
أمي عمرها ثمانين سنة وما بتقدر تطبخ، بدي حدا يوصلها أكل عالبيت | home_delivered_meals
غداء لكبار السن مع بعض | senior_meals
كيف أقدم على الفود ستامب | snap
وقفوا كرت الإي بي تي EBT تبعي | snap
أنا حامل بالشهر الخامس كيف أسجل بالويك | wic
خلص حليب البيبي وما معي أشتري غيره | infant_formula
هل المدرسة بتعطي وجبات للأولاد بالصيف | child_meals
معي سكري وبدي أخصائية تغذية | medical_food
خضار وفواكه طازجة بسعر رخيص | produce_vouchers
عندي موعد يوم الثلاثاء ومحتاج حدا يوصلني عند الدكتور | medical_ride
مين بياخد أبوي على غسيل الكلى | medical_ride
ما معي مصاري للباص | bus_pass
زوجي على كرسي متحرك ومحتاجين سيارة مجهزة للمعاقين | paratransit
جدتي بدها حدا يوصلها عالسوق | senior_ride
السيارة بدون بنزين وما معي فلوس | gas_help
عربيتي عطلانة ومش معايا فلوس الميكانيكي | car_repair
لقيت شغل بس ما عندي مواصلات للشغل | work_ride
ابني عامل عملية ونحتاج مكان ننام فيه جنب المستشفى | medical_lodging
عمي طردني من البيت وما عندي مكان انام فيه | emergency_shelter
صارلنا ثلاث أيام نايمين بالسيارة | emergency_shelter
الجو برد كتير ومحتاجين بطانيات | warming_cooling
متأخرين شهرين بأجار البيت | rent_help
لا أستطيع دفع إيجار هذا الشهر | rent_help
محتاج عربون للشقة الجديدة | move_in_costs
صاحب البيت عم يهددنا بالإخلاء | tenant_legal
الشقة مليانة صراصير وعفن واللاندلورد ما بيعمل شي | tenant_legal
عم ندور على شقة أرخص للعيلة | affordable_housing
شلون أسجل بالسكشن ايت | affordable_housing
نريد نطلع من الشلتر ونسكن ببيت | rapid_rehousing
سقف البيت ينزل منه ماء لما تمطر | home_repair
البنك رح ياخد بيتي لأني ما دفعت الأقساط | mortgage_help
الأولاد بيناموا على الأرض محتاجين سرير | furniture_household
وين أقدر آخذ دوش وأغسل ملابسي | day_center_showers
حاسة حالي تعبانة نفسيا وبدي احكي مع حدا | counseling
عندي قلق وتوتر ومابنام | counseling
ما بدي أعيش بعد اليوم | crisis_support
بحتاج دكتور نفسي يكتبلي دواء الاكتئاب | psychiatry
ابني المراهق مكتئب وبدي معالج نفسي إله | youth_counseling
بدي أبطل أشرب الكحول | detox
أخوي لازم يدخل مصحة | residential_treatment
جوزي مدمن مخدرات فين يتعالج | outpatient_substance_use
عيادة بتعطي ميثادون | opioid_medication
وين بلاقي إبر نظيفة | harm_reduction
اجتماع لمدمني الكحول المجهولين | recovery_groups
سكن للمتعافين بعد العلاج | sober_living
زوجي توفى الشهر الماضي | grief_support
فصلوا الكهرباء عن بيتنا مبارح | energy_bill
فاتورة الغاز والتدفئة غالية كتير | energy_bill
رح يقطعوا عنا المي | water_bill
نحتاج إنترنت رخيص لدراسة الأولاد | phone_internet
هل الحكومة بتعطي مصاري كل شهر للعائلات | cash_assistance
ما معنا فلوس لدفن والدي | emergency_funds
أريد أن أقدم على الإعاقة لأني لا أستطيع العمل | disability_benefits
انطردت من شغلي وبدور على شغل ثاني | job_search
مين بيساعدني أعبي الضرائب | tax_help
وصلتني فاتورة كبيرة من المستشفى | medical_bills
دوا الضغط غالي وما بقدر أشتريه | prescription_help
ليس عندي تأمين صحي لي ولأولادي | health_insurance
مين بيدير باله على ابني وأنا بالشغل | child_care
حفاضات مقاس 4 ومناديل مبللة | diapers
الأطفال محتاجين جاكيتات للشتا | clothing
صابون وفوط صحية | hygiene_products
جوزي بيمد ايده عليا وبيضربني | dv_safety
خايفة من طليقي عم يهددني | dv_safety
محتاجة محامي عشان الطلاق والنفقة | legal_aid
محامي يساعدني بطلب اللجوء | immigration_legal
كيف أجدد تصريح العمل | immigration_legal
انسرقت محفظتي وفيها هويتي وكل أوراقي | id_documents
حابة اتعلم انجليزي | adult_education
ضرسي عم يوجعني كتير | dental_vision
نظارتي انكسرت | dental_vision
دكتور بيستقبل ناس بدون تأمين | primary_care
تطعيم ابني عشان المدرسة | primary_care
أستعير كرسي متحرك لوالدي | medical_equipment
حدا يعتني بأمي المريضة بالبيت وأنا بالدوام | home_care_respite
أنا وحيدة هون وما عندي صحاب | social_connection
في كنيسة أو جامع بيوزع أكل نهاية الأسبوع | food_pantry
ما معي ولا دولار والأولاد بدهم ياكلوا | food_pantry child_meals emergency_funds
كوبونات الأكل انقطعت عني | snap
وين ممكن آكل وجبة بالمجان اليوم | hot_meals food_pantry
حدا يجيب الأكل لوالدتي العاجزة عالبيت | home_delivered_meals
ما عندي طريقة أوصل للمستشفى لجلسة الكيماوي | medical_ride
بطاقة باص مخفضة لكبار السن | bus_pass
انفجر دولاب السيارة وما معي أشتري غيره | car_repair
قرايبي ما عاد بدهم يانا عندهم وما عنا وين نروح | emergency_shelter
وصلني إشعار إخلاء من المحكمة | tenant_legal
صاحب الشقة غير القفل | tenant_legal
بدي غرفة للإيجار سعرها رخيص | affordable_housing
سخان المي خرب وما في مي سخنة | home_repair
بدنا كنبة وطاولة وبراد مستعمل | furniture_household
من بعد الولادة وأنا بعيط | counseling
معالجة نفسية بتحكي عربي | counseling
ابني بالمدرسة بيتعرض للتنمر | youth_counseling
أخي يتعاطى حبوب ويريد يتعالج | outpatient_substance_use
فقدت والدتي ومش قادرة أتخطى | grief_support
قطعوا عنا الغاز لأننا ما دفعنا | energy_bill
إجاني إنذار انهم رح يقطعوا الكهرباء | energy_bill
انقطع خط تلفوني لأني ما دفعت | phone_internet
كيف أقدم على راتب البطالة | job_search
دورة مهنية لأتعلم مصلحة | job_search
رقم ITIN وتقديم الضرائب | tax_help
الأنسولين سعره غالي جدا | prescription_help
أولادي ما إلهم تأمين | health_insurance
مكان بالحضانة لبنتي عمرها سنتين | child_care
نحتاج عربة أطفال وكرسي سيارة للطفل | diapers
جزمة ومعطف لولد عمره عشر سنين | clothing
خطيبي ضربني كف ودفشني | dv_safety
المدير ما عطاني راتبي بدي محامي | legal_aid
زوجي مسكته الهجرة | immigration_legal
استخراج شهادة ميلاد بدل ضائع | id_documents
لا أعرف أقرأ ولا أكتب | adult_education
أمي نظرها ضعيف وبدها نظارة | dental_vision
أنا حامل ثلاث شهور وين أتابع | primary_care
مشاية لجدتي | medical_equipment
مين بيقعد مع أمي المريضة وأنا بالدوام | home_care_respite
نشاطات يتعرف فيها المسنين على بعض | social_connection
من مبارح ما أكلت شي | food_pantry hot_meals
أبوي ما عاد يقدر يتحمم لحاله | home_care_respite
أخوي بياخد إبر هيروين | opioid_medication outpatient_substance_use detox harm_reduction
مستوصف بدون تأمين | primary_care
الفرن خربان وما عنا شي نطبخ عليه | furniture_household home_repair
ما في حدا يجيب الولاد من المدرسة وأنا بالشغل | child_care work_ride
علي ألفين دولار للطوارئ بالمستشفى | medical_bills
ضاع الكرين كارد تبعي | immigration_legal id_documents
اجتماعات المدمنين المجهولين | recovery_groups
عندي مشاكل بزواجي وببكي كل يوم | counseling
بنتي ما بتطلع من غرفتها بدها علاج نفسي | youth_counseling
مريول وشنطة مدرسة | clothing
أعمل هوية الولاية | id_documents
ما بعرف استعمل الكمبيوتر | adult_education phone_internet
دواء سكري مجاني | prescription_help
زوجي ما بيخليني أطلع من البيت | dv_safety
نركب رامبا قدام البيت | home_repair
خسرت شغلي ورح يطلعونا من البيت | job_search tenant_legal rent_help
ما معي ولا قرش لآخر الشهر | emergency_funds
حدا ياخد أمي على العلاج الطبيعي | medical_ride senior_ride
ولدت جديد وما عندي شي للبيبي | diapers
"""
CREOLE = """
nou pa gen anyen nan frijide a pou semenn nan | food_pantry
ki kote yo ka ban nou yon sak manje | food_pantry
timoun yo grangou e mwen poko touche | child_meals food_pantry
eske gen yon kote ki bay manje cho aswe a | hot_meals
manman m gen 80 lane li pa ka kwit manje, mwen ta renmen yo pote manje lakay li | home_delivered_meals
manje pou granmoun nan sant lan | senior_meals
kijan pou m aplike pou food stamp | snap
kat EBT mwen an pa mache anko | snap
mwen ansent, ki kote biwo WIC la ye | wic
pa gen let pou ti bebe a | infant_formula
eske timoun yo ap jwenn manje nan lekol la pandan vakans | child_meals
mwen gen sik, mwen bezwen yon nitrisyonis | medical_food
mwen bezwen legim fre ak fwi | produce_vouchers
mwen gen randevou madi, pa gen moun pou mennen m kay dokte | medical_ride
kiyes ki ka mennen papa m nan dyaliz | medical_ride
mwen pa gen kob pou m pran bis la | bus_pass
papa m sou chez woulant li bezwen transpo | paratransit
grann mwen bezwen moun mennen l nan makèt | senior_ride
pa gen lajan pou mete gaz nan machin nan | gas_help
machin mwen an kraze, mwen pa ka peye mekanisyen | car_repair
mwen jwenn yon djob men mwen pa gen machin pou m al travay | work_ride
pitit mwen entene, kote pou m rete toupre lopital la | medical_lodging
bofre m mete m deyo, mwen pa gen kote pou m domi | emergency_shelter
nap domi nan machin nan depi twa jou | emergency_shelter
li fe fret anpil, mwen bezwen kouveti | warming_cooling
mwen dwe twa mwa lwaye | rent_help
mwen pa kapab peye kay la mwa sa a | rent_help
mwen bezwen lajan pou depo apatman an | move_in_costs
met kay la voye yon let degepisman ban mwen | tenant_legal
gen rat ak ravet nan apatman an, landlord la pa fe anyen | tenant_legal
map chache yon kay ki pa twò chè pou m lwe | affordable_housing
kouman yo fe jwenn seksyon 8 | affordable_housing
nou vle soti nan abri a pou nou gen kay pa nou | rapid_rehousing
do kay la ap koule le lapli tonbe | home_repair
bank la ap pran kay mwen, mwen pa ka peye motgej la | mortgage_help
pitit mwen yo ap domi ate, yo bezwen kabann | furniture_household
ki kote m ka benyen epi lave rad mwen | day_center_showers
mwen santi m tris anpil, mwen bezwen pale ak yon moun | counseling
mwen gen anpil estres ak anksyete | counseling
mwen pa vle viv anko | crisis_support
mwen bezwen yon sikyat pou medikaman depresyon mwen | psychiatry
pitit fi m nan deprime, mwen bezwen yon sikolog pou li | youth_counseling
mwen vle sispann bwe tafya | detox
mete fre m nan yon sant pou dwog | residential_treatment
mari m bwe twop, ki kote li ka jwenn tretman | outpatient_substance_use
klinik ki bay metadon | opioid_medication
ki kote yo bay sereng pwop | harm_reduction
reyinyon alkolik anonim an kreyol | recovery_groups
kote pou m viv apre rehab la | sober_living
manman m mouri semen pase a | grief_support
yo koupe limye lakay mwen maten an | energy_bill
mwen pa ka peye bil chofaj la | energy_bill
yo pral koupe dlo a | water_bill
timoun yo bezwen entenet pou lekol | phone_internet
eske leta bay lajan chak mwa | cash_assistance
mwen pa gen kob pou anteman manman m | emergency_funds
mwen vle aplike pou SSI paske m pa ka travay anko | disability_benefits
yo revoke m, map chache yon lot travay | job_search
moun pou ede m fe taks mwen | tax_help
lopital la voye yon gwo bil ban mwen | medical_bills
mwen pa ka achte medikaman tansyon mwen | prescription_help
mwen pa gen asirans sante | health_insurance
mwen pa gen moun pou gade pitit mwen le m al travay | child_care
kouchet ak wipes pou tibebe a | diapers
timoun yo bezwen manto ak bot pou fredi a | clothing
savon ak kotex gratis | hygiene_products
mari m kale m devan timoun yo | dv_safety
mwen pe mennaj mwen, li menase m | dv_safety
mwen bezwen yon avoka pou divos | legal_aid
avoka pou TPS ak azil | immigration_legal
kijan m ka jwenn pemi travay | immigration_legal
yo vole valiz mwen ak tout papye m | id_documents
mwen vle aprann pale angle | adult_education
dan mwen ap fe m mal anpil | dental_vision
mwen bezwen yon lot linet | dental_vision
ki dokte ki pran moun san asirans | primary_care
vaksen pou pitit mwen ka antre lekol | primary_care
ki kote m ka jwenn yon chez woulant | medical_equipment
moun pou okipe manman m lakay la | home_care_respite
mwen poukont mwen, mwen pa gen zanmi isit | social_connection
gen yon legliz ki bay manje le samdi | food_pantry
mwen pa gen yon goud e timoun yo bezwen manje | food_pantry child_meals emergency_funds
yo koupe koupon manje mwen an | snap
ki bo m ka jwenn yon plat manje cho pou midi | hot_meals
yo ka livre manje pou granmoun ki pa ka soti | home_delivered_meals
mwen pa gen mwayen ale lopital pou chimyo | medical_ride
kat bis pi bon mache pou granmoun | bus_pass
kawotchou machin nan pete, pa gen lajan pou lot | car_repair
matant mwen pa vle nou lakay li anko, nou pa gen kote pou n ale | emergency_shelter
mwen resevwa yon papye degepisman | tenant_legal
met kay la chanje seri a | tenant_legal
map chache yon ti chanm pou lwe | affordable_housing
chofaj la kraze lakay mwen | home_repair energy_bill
eske nou gen yon kanape ak yon tab | furniture_household
depi m akouche map kriye tout tan | counseling
yon sikolog ki pale kreyol | counseling
yo bouli pitit mwen nan lekol la | youth_counseling
fre m nan dwog, li vle kite sa | outpatient_substance_use detox
mwen pedi bebe m nan | grief_support
yo koupe gaz la paske m pa peye | energy_bill
mwen resevwa avi yo pral koupe kouran an | energy_bill
telefon mwen koupe, m bezwen l pou travay | phone_internet
kouman pou m mande chomaj | job_search
mwen ta renmen aprann yon metye | job_search
nimewo ITIN pou fe taks | tax_help
ensilin nan twop kob | prescription_help
timoun yo pa gen asirans | health_insurance
yon plas nan gadri pou pitit fi m ki gen 2 zan | child_care
mwen bezwen pouset ak chez machin pou bebe | diapers
soulye ak jaket pou ti gason an | clothing
li ban m yon kalot epi li trangle m | dv_safety
patwon m pa peye m, mwen bezwen yon avoka | legal_aid
imigrasyon arete mari m | immigration_legal
refe batiste mwen | id_documents
mwen pa konn li ni ekri | adult_education
manman m pa we kle | dental_vision
mwen ansent twa mwa, ki klinik m ka ale | primary_care
yon beki pou papa m | medical_equipment
moun ki ka rete ak manman m malad pandan map travay | home_care_respite
granmoun ki vle rankontre lot granmoun | social_connection
mwen pa manje anyen depi ye | food_pantry hot_meals
papa m pa ka benyen poukont li anko | home_care_respite
fre m ap pike dwog ewoyin | opioid_medication outpatient_substance_use detox harm_reduction
klinik pou moun ki pa gen asirans | primary_care
recho mwen kraze, m pa gen sou kisa pou m kwit manje | furniture_household
pa gen moun pou al chache timoun yo lekol le m ap travay | child_care work_ride
mwen dwe lopital la 2000 dola | medical_bills
mwen pedi grinkat mwen | immigration_legal id_documents
reyinyon nakotik anonim | recovery_groups
maryaj mwen pa bon, map kriye chak jou | counseling
pitit fi m pa vle soti nan chanm li, li bezwen terapi | youth_counseling
inifom ak sak lekol | clothing
fe yon ID leta | id_documents
mwen pa konn sevi ak odinate | adult_education phone_internet
medikaman gratis pou moun ki gen sik | prescription_help
mari m pa kite m soti | dv_safety
mete yon ranp devan kay la | home_repair
mwen pedi djob mwen epi yap mete m deyo nan kay la | job_search tenant_legal rent_help emergency_shelter
mwen pa gen senk kob jiska fen mwa a | emergency_funds
moun pou mennen manman m nan terapi fizik | medical_ride senior_ride
tibebe a fek fet m pa gen anyen pou li | diapers
"""


@pytest.mark.parametrize("line", ARABIC.strip().splitlines())
@pytest.mark.parametrize("page", ["ar", "en"])
def test_arabic_is_read_as_the_need_behind_it_on_its_own_and_on_an_english_page(line, page):
    said, _, meant = line.rpartition("|")
    reading = read(said, page)
    assert reading.needs
    assert reading.needs[0].need in meant.split()


@pytest.mark.parametrize("line", CREOLE.strip().splitlines())
@pytest.mark.parametrize("page", ["ht", "en"])
def test_creole_is_read_as_the_need_behind_it_on_its_own_and_on_an_english_page(line, page):
    said, _, meant = line.rpartition("|")
    reading = read(said, page)
    assert reading.needs
    assert reading.needs[0].need in meant.split()
