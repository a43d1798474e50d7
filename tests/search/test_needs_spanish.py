"""Spanish as people tell it: what sounds like danger and is none, numbers in the way, words in another order."""

import pytest

from search.needs import read


@pytest.mark.parametrize(
    "text",
    [
        "me corto la luz la compañia",
        "me cortó el internet la compañía",
        "me cortaron el gas",
        "me mato trabajando y no me alcanza",
        "traigo una muela picada que me esta matando",
        "me pego la gripa bien fuerte",
        "me van a matar los biles",
        "me quiero morir de la verguenza",
    ],
)
@pytest.mark.parametrize("page", ["es", "en"])
def test_a_way_of_speaking_raises_no_alarm(text, page):
    assert read(text, page).urgent == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mi hija dise que se quiere morir", "suicide"),
        ("mi primo se paso de pastillas y no reacciona", "overdose"),
        ("mi marido me tiro contra la pared", "violence"),
        ("mi cuñado toco a mi niña", "child_abuse"),
        ("me quiero matar", "suicide"),
    ],
)
def test_danger_told_in_passing_is_heard(text, kind):
    assert kind in read(text, "es").urgent


def test_an_age_does_not_part_a_phrase():
    assert read("mi hija de 14 se porta mal", "es").needs == read("mi hija se porta mal", "es").needs


def test_words_in_another_order_are_hardly_less_sure_than_one_of_them_alone():
    alone = read("internarse", "es").needs[0]
    both = read("mi hermano necesita internarse", "es").needs[0]
    assert both.need == alone.need == "residential_treatment"
    assert both.confidence > 0.85


def test_taking_time_is_not_asking_for_a_ride():
    assert read("llevo dias con tos", "es").needs[0].need == "primary_care"


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("adoptar un perro del refugio", "emergency_shelter"),
        ("carrera de asistente dental", "dental_vision"),
        ("clinica veterinaria", "primary_care"),
        ("como abrir una guarderia en mi casa", "child_care"),
        ("chinches en la cama", "furniture_household"),
        ("jugo detox para adelgazar", "detox"),
        ("dia de muertos festival", "grief_support"),
        ("receta de sopa de pollo", "hot_meals"),
        ("tienda de ropa de marca", "clothing"),
        ("trabajo de enfermera", "primary_care"),
        ("trabajo de niñera", "child_care"),
        ("no quiero agua de la llave filtro", "water_bill"),
        ("estudiar para abogado", "legal_aid"),
        ("restaurante de comida mexicana", "food_pantry;hot_meals"),
        ("focos led de luz", "energy_bill"),
        ("doctor en filosofia", "primary_care"),
        ("coser ropa maquina", "clothing"),
        ("mi esposo esta en el trabajo todo el dia", "job_search"),
        ("terapia fisica para la rodilla", "counseling"),
        ("seguro para mi negocio", "health_insurance"),
        ("mesa directiva de la escuela", "furniture_household"),
        ("voluntario en el refugio", "emergency_shelter"),
        ("doctor de computadoras", "primary_care"),
        ("cama solar bronceado", "furniture_household"),
        ("parque de agua para niños", "water_bill"),
        ("pase de abordar avion", "bus_pass"),
        ("trabajo de la escuela tarea de mi hijo", "job_search"),
        ("estampillas para cartas correo", "snap"),
        ("corte de cabello barato", "legal_aid"),
        ("luz del tablero del carro", "energy_bill"),
        ("desintoxicar el higado te", "detox"),
        ("vender mis muebles", "furniture_household"),
        ("arreglar pantalla de iphone", "phone_internet"),
    ],
)
def test_words_that_mean_something_else_are_no_need(text, never):
    assert not set(never.split(";")) & {reading.need for reading in read(text, "es").needs}
