"""What Portuguese speakers type, Brazilian first, and the need read first: whole complaints, slips, slang."""

import pytest

from search.needs import read

PORTUGUESE = """
moça, não sobrou nada pra comer aqui em casa essa semana | food_pantry
alguém sabe onde estão dando cesta básica perto de mim? | food_pantry
meus meninos estão com fome e não recebi ainda | child_meals food_pantry
tem algum lugar servindo sopa ou um prato quente hoje | hot_meals
minha mãe tem 82 anos e não consegue mais cozinhar, queria que entregassem comida pra ela | home_delivered_meals
almoço com outros idosos aqui no bairro | senior_meals
como faço para pedir o food stamps | snap
meu EBT foi cancelado | snap
estou grávida de 5 meses, onde faço o wic | wic
o leite do meu neném acabou e é caro demais | infant_formula
será que as crianças ganham merenda nas férias | child_meals
sou diabético e precisava falar com uma nutricionista | medical_food
queria verduras e frutas frescas baratas | produce_vouchers
tenho consulta terça e não tenho como ir ao médico | medical_ride
preciso que alguém me leve na hemodiálise | medical_ride
não tenho dinheiro pro ônibus | bus_pass
meu pai é cadeirante, existe van adaptada? | paratransit
minha avó precisa de carona pra fazer mercado | senior_ride
to sem gasolina no carro | gas_help
o carro quebrou e não tenho como pagar o mecânico | car_repair
arrumei serviço mas não tenho como chegar no trabalho | work_ride
meu filho está internado em Boston, onde posso ficar perto do hospital | medical_lodging
fui posta pra fora, não tenho onde dormir com as crianças | emergency_shelter
estamos dormindo no carro faz três dias | emergency_shelter
está muito frio e não tenho cobertor | warming_cooling
tô com dois meses de aluguel atrasado | rent_help
o aluguel venceu e não vou conseguir pagar | rent_help
preciso do depósito pra entrar no apartamento novo | move_in_costs
o dono quer me despejar até sexta | tenant_legal
tem rato e barata no apartamento e o landlord não faz nada | tenant_legal
procuro um apartamento mais barato pra alugar | affordable_housing
como consigo o section 8 | affordable_housing
quero sair do abrigo e ter minha casinha | rapid_rehousing
o telhado está com goteira | home_repair
vou perder minha casa, não paguei a hipoteca | mortgage_help
meus filhos dormem no chão, precisamos de camas | furniture_household
onde posso tomar um banho e lavar a roupa | day_center_showers
ando muito triste, queria conversar com alguém | counseling
tenho ansiedade e não durmo | counseling
quero sumir, não quero mais viver | crisis_support
acabou meu antidepressivo, preciso de psiquiatra | psychiatry
minha filha adolescente está se cortando, preciso de psicólogo pra ela | youth_counseling crisis_support
quero largar a bebida mas passo mal quando paro | detox
preciso internar meu irmão por causa das drogas | residential_treatment
meu marido é alcoólatra, onde tem tratamento | outpatient_substance_use
estou viciado em heroína, tem metadona? | opioid_medication
onde pego seringas limpas | harm_reduction
tem reunião dos alcoólicos anônimos hoje? | recovery_groups
casa de sobriedade pra depois da reabilitação | sober_living
meu marido faleceu mês passado | grief_support
cortaram a luz aqui em casa ontem | energy_bill
a conta do gás veio muito alta | energy_bill
vão cortar nossa água | water_bill
preciso de internet barata pras crianças estudarem | phone_internet
queria receber uma ajuda do governo todo mês | cash_assistance
preciso de dinheiro pra enterrar minha mãe | emergency_funds
como dou entrada no SSI, não posso mais trabalhar | disability_benefits
fui mandada embora e estou procurando emprego | job_search
quem me ajuda a fazer o imposto de renda | tax_help
chegou uma conta enorme do hospital | medical_bills
meus remédios da pressão acabaram e não tenho como comprar | prescription_help
perdi meu MassHealth | health_insurance
não tenho com quem deixar meu bebê pra trabalhar | child_care
fraldas tamanho 4 pro bebê | diapers
as crianças não têm roupa de frio | clothing
absorvente e sabonete de graça | hygiene_products
meu ex me ameaça e tenho medo dele | dv_safety
meu companheiro me agrediu de novo | dv_safety
preciso de advogado pra conseguir a guarda do meu filho | legal_aid
advogado pra pedir asilo | immigration_legal
meu visto venceu, e agora | immigration_legal
roubaram minha carteira com todos os documentos | id_documents
queria aprender a falar inglês | adult_education
estou com uma dor de dente horrível | dental_vision
meus óculos quebraram | dental_vision
preciso passar no médico e não tenho seguro | primary_care
vacina pra criança entrar na escola | primary_care
preciso emprestada uma cadeira de rodas | medical_equipment
quem pode cuidar da minha mãe acamada enquanto trabalho | home_care_respite
moro sozinha e me sinto muito só | social_connection
gente, alguém doa alimento na igreja aqui perto | food_pantry
tô sem um real e as crianças precisam comer | food_pantry child_meals emergency_funds
posso usar meu cartão EBT na feira | snap produce_vouchers
a escola dá café da manhã de graça? | child_meals
minha vó é acamada, quem leva marmita até ela | home_delivered_meals
fazem fisioterapia longe e não tenho carona pro hospital | medical_ride
passe de ônibus com desconto pra estudante | bus_pass
o pneu furou e não tenho grana pra trocar | car_repair
tô morando de favor e tenho que sair amanhã, não tenho pra onde ir | emergency_shelter
o senhorio trocou a fechadura com minhas coisas dentro | tenant_legal
recebi uma ordem de despejo | tenant_legal
quero me inscrever na lista de moradia popular | affordable_housing
a caldeira de aquecimento quebrou e a casa está gelada | home_repair warming_cooling energy_bill
alguém doando berço ou colchão usado | furniture_household
tive um ataque de pânico ontem | counseling
meu filho de 9 anos sofre bullying e não quer ir pra escola | youth_counseling
meu irmão usa crack e quer parar | outpatient_substance_use detox
perdi minha filha e não consigo seguir em frente | grief_support
recebi um aviso que vão desligar minha energia | energy_bill
a água daqui foi cortada por falta de pagamento | water_bill
meu celular foi cortado e preciso dele pro trabalho | phone_internet
quanto tempo demora pra receber o seguro desemprego | job_search
sou imigrante e queria um curso profissionalizante | job_search
como tirar o número ITIN pra declarar os impostos | tax_help
insulina está muito cara | prescription_help
meus filhos estão sem plano de saúde | health_insurance
procuro vaga em creche pro meu menino de 2 anos | child_care
preciso de um carrinho e cadeirinha pro carro | diapers
sapato tamanho 38 e um casaco | clothing
ele me empurrou e me deu um soco na cara | dv_safety
meu chefe não me pagou, preciso de um advogado | legal_aid
meu marido foi preso pelo ICE | immigration_legal
segunda via da certidão de nascimento | id_documents
não sei ler direito e quero aprender | adult_education
minha mãe não enxerga bem de longe | dental_vision
estou grávida e não fiz pré-natal ainda | primary_care
andador para idoso | medical_equipment
cuidadora de idosos que fale português | home_care_respite
grupo pra idosos fazerem amizade | social_connection
não comi nada desde ontem | food_pantry hot_meals
minha mãe não consegue mais tomar banho sozinha | home_care_respite
meu filho está se picando com heroína | opioid_medication outpatient_substance_use detox harm_reduction
clínica que atende sem seguro | primary_care
o fogão quebrou e não tenho como comprar outro | furniture_household
ninguém pra buscar meus filhos na escola enquanto trabalho | child_care work_ride
estou devendo 3000 dólares pro pronto socorro | medical_bills
perdi meu green card | immigration_legal id_documents
cadê a reunião dos narcóticos anônimos | recovery_groups
não aguento mais meu casamento, choro todo dia | counseling
minha filha só fica trancada no quarto e não come, precisa de terapia | youth_counseling
uniforme e mochila pra escola | clothing
quero tirar a carteira de identidade do estado | id_documents
não sei mexer no computador | adult_education phone_internet
remédio de graça pra diabetes | prescription_help
meu marido não deixa eu sair de casa | dv_safety
preciso consertar a rampa da minha casa | home_repair
perdi o emprego e vou ser despejada | job_search tenant_legal rent_help
fui assaltado e estou sem um tostão | emergency_funds
van pra levar minha mãe na fisioterapia | medical_ride senior_ride paratransit
meu bebê nasceu e não tenho nada pra ele | diapers
"""


@pytest.mark.parametrize("line", PORTUGUESE.strip().splitlines())
@pytest.mark.parametrize("page", ["pt", "en"])
def test_portuguese_is_read_as_the_need_behind_it_on_its_own_and_on_an_english_page(line, page):
    said, _, meant = line.rpartition("|")
    reading = read(said, page)
    assert reading.needs
    assert reading.needs[0].need in meant.split()
