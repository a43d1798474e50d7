"""The people and places of the gallery, as presenters would hand them over. Made up, like all of the demo."""

from dataclasses import dataclass
from typing import Final

from portal.parts import NeedRow, OpenWords, PlaceRow, Room, StackedRow, Step, TodoRow, Voice, changed_pieces
from resources_db.vocab import CapacityState, MessageState, NeedStatus, ReferralState


@dataclass(frozen=True, slots=True)
class SampleMeasure:
    """A text as messaging measures it."""

    encoding: str
    segments: int
    units: int
    left: int
    forcing: tuple[str, ...] = ()


PLACES: Final = (
    PlaceRow(
        1,
        "hope",
        "Hope Pantry",
        "#place-1",
        "0.8 mi",
        "Free groceries once a week. Ask for the kids’ bag.",
        OpenWords("open", "1:00 p.m."),
        Room("open", said_at="Nov 20"),
        9,
        "serves 45202, speaks Spanish, asks for no papers. 7 of 9 people we sent got help.",
        "+15135550199",
        chosen=True,
    ),
    PlaceRow(
        2,
        "anne",
        "St. Anne Kitchen",
        "#place-2",
        "0.5 mi",
        "Hot supper for families, take-home boxes on Mondays.",
        OpenWords("later", "5:00 p.m."),
        Room("waitlist", said_at="Nov 18", note="about 1 week"),
        2,
        "closest to Rosa, speaks Spanish, kids welcome.",
        "+15135550117",
    ),
    PlaceRow(
        3,
        "elm",
        "Elm Street Food Shelf",
        "#place-3",
        "1.1 mi",
        "A 3-day food box, once a month.",
        OpenWords("closed", "Tue 9:00 a.m."),
        Room("full", until="Dec 1", said_at="Nov 23"),
        5,
        "serves 45202. Lower in the list because it is full.",
        "+15135550136",
        lower=True,
    ),
    PlaceRow(
        4,
        "east",
        "Eastside School Meals",
        "#place-4",
        "1.6 mi",
        "Breakfast, lunch and a weekend bag for school-age kids.",
        OpenWords("call_first"),
        None,
        121,
        "free for all pupils. Call first: facts may be old.",
        "+15135550171",
    ),
)

TODOS: Final = (
    TodoRow(
        "1",
        "Rosa M.",
        "#todo-1",
        "Agency said full: Elm Street Food Shelf",
        "Spanish · Food",
        "No room until Dec 1. Three other places have room tonight.",
        "Today",
        late=True,
        icon="warning",
        family="stop",
    ),
    TodoRow(
        "2",
        "Amina H.",
        "#todo-2",
        "Agency says served, Amina says no",
        "Arabic · Housing",
        "Walnut Hills Homes: “Moved in Nov 18.” Amina: “No key yet.”",
        "1 day late",
        late=True,
        icon="ring-question",
        family="warn",
    ),
    TodoRow(
        "3",
        "Lan P.",
        "#todo-3",
        "Wants a call",
        "Vietnamese · Ride",
        "Pressed “Please call me” at 8:14 a.m.",
        "Before noon",
        icon="phone",
        family="wait",
    ),
    TodoRow(
        "4", "Rosa M.", "#todo-4", "Consent to share ends in 14 days", "Spanish · Consent", due="Dec 7", icon="lock"
    ),
)

NEEDS: Final = (
    NeedRow(
        "Food",
        "in_work",
        3,
        more="1 yes, 1 no",
        about="Found Nov 20 by Hunger Vital Sign.",
        href="#needs",
        action="Find more food help",
    ),
    NeedRow(
        "Rent",
        "in_work",
        41,
        long=True,
        status="waitlisted",
        about="Legal Aid on Vine said about 6 weeks.",
        href="#needs",
        action="Find more rent help",
    ),
    NeedRow("Ride to clinic", "met", more="Nov 9", about="Took 6 days. Rosa and the agency agree."),
)

STEPS: Final = (
    Step("sent", "Sent to Hope Pantry", "Fri Nov 20, 10:12 a.m.", "2026-11-20", "By Dana, with one text in Spanish"),
    Step(
        "seen",
        agency=Voice("Hope Pantry, Nov 20, by link", "“I have it.”"),
        patient=Voice("Rosa, Nov 20, page", "Opened the page at 10:20 a.m."),
    ),
    Step(
        "accepted",
        agency=Voice(
            "Hope Pantry, Nov 21, by link", "“Come Monday, 9 to 1. We keep a kids’ bag.”", strong="Yes, we can."
        ),
        patient=Voice(
            "Rosa, Nov 21, text", strong="“Gracias, voy el lunes”", lang="es", meaning="Thank you, I go on Monday"
        ),
    ),
    Step(
        "draft",
        agency=Voice("Hope Pantry", "Has not said yet if Rosa was helped."),
        patient=Voice("Rosa", "Not asked yet. We ask today at 6:00 p.m.", awaited=True),
    ),
)

TEXT: Final = (
    "Riverside Care: Vea la ayuda para usted: https://hndrl.example/r/7kQ2mZp4Vd9TxB3nLw8RcY "
    "¿Preguntas? Llame a Dana 513-555-0142. STOP para terminar."
)

NEEDS_BY_KIND: Final = (
    StackedRow("Food", (68, 38, 28)),
    StackedRow("Rides", (38, 22, 23)),
    StackedRow("Housing", (15, 35, 20)),
    StackedRow("Counseling", (14, None, 14)),
)

SAMPLES: Final[dict[str, object]] = {
    "places": PLACES,
    "todos": TODOS,
    "needs": NEEDS,
    "steps": STEPS,
    "text": TEXT,
    "one_segment": SampleMeasure("GSM-7", 1, 146, 14),
    "two_segments": SampleMeasure("UCS-2", 3, 146, 55, ("ế", "ạ")),
    "needs_by_kind": NEEDS_BY_KIND,
    "weeks": (("Sep 1", 12), ("Sep 8", 18), ("Sep 15", None), ("Sep 22", 25), ("Sep 29", 31), ("Oct 6", 28)),
    "referral_states": (*ReferralState, "disagree"),
    "need_states": tuple(NeedStatus),
    "room_states": tuple(CapacityState),
    "full_until": Room("full", "Dec 1", "Nov 23"),
    "message_states": (*MessageState, "received"),
    "hours_change": changed_pieces(
        "Mon, Wed, Fri 9:00 to 1:00. Sat closed", "Mon, Wed, Fri 9:00 to 1:00. Sat 10:00 to noon"
    ),
}
