"""The words for what search answers: reasons, widened questions, unknown places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import need_words
from search.answer import Fact, Reason, Relax, Relaxed, Why
from search.audience import Group
from search.criteria import OpenWhen
from search.errors import PlaceError, PlaceProblem

_STALE_DAYS = 180
_Say = Callable[[Mapping[str, Fact]], str]


def language_name(code: str) -> str:
    """The name of a language in the language of the page."""
    return formatting.language_name(code)


def _missing(facts: Mapping[str, Fact]) -> str:
    return {
        "language": lambda: _("Not known to speak %(language)s.", language=language_name(str(facts["language"]))),
        "open": lambda: _("Not known to be open then."),
        "has_room": lambda: _("Has not said that it has room."),
        "no_papers": lambda: _("May ask for papers."),
        "by_phone": lambda: _("Not known to help by phone or online."),
        "who": lambda: _("Says it is for others: call first."),
        "wheelchair": lambda: _("Not known to be step-free."),
        "cost": lambda: _("Ask what it costs."),
        "checked": lambda: _("Not checked as lately as you asked."),
    }[str(facts["filter"])]()


_LOWER: Mapping[str, Callable[[], str]] = {
    "full": lambda: _("Lower in the list because it is full."),
    "paused": lambda: _("Lower in the list because it takes nobody new now."),
    "out_of_funds": lambda: _("Lower in the list because it is out of funds."),
}


def _reach(facts: Mapping[str, Fact]) -> str:
    if "minutes" in facts:
        return ngettext("about %(num)s minute on foot", "about %(num)s minutes on foot", int(str(facts["minutes"])))
    return _("a short ride away")


_MEANT_FOR: Mapping[str, Callable[[], str]] = {
    "men": lambda: _("is for men"),
    "women": lambda: _("is for women"),
    "families": lambda: _("is for families"),
    "youth": lambda: _("is for young people"),
    "seniors": lambda: _("is for older people"),
    "veterans": lambda: _("is for veterans"),
}
_COSTS: Mapping[str, Callable[[], str]] = {
    "free": lambda: _("is free"),
    "sliding": lambda: _("charges by income"),
    "paid": lambda: _("costs money"),
}
_PHRASES: Mapping[Why, _Say] = {
    # Translators: reasons after "Why here:", joined as a list: "serves 45202, speaks Spanish, and asks for no papers"
    Why.NAME: lambda _facts: _("has the name you typed"),
    Why.STANDING: lambda facts: _(
        "helped %(helped)s of the last %(known)s people sent for this", helped=facts["helped"], known=facts["known"]
    ),
    Why.NEAREST: lambda _facts: _("closest of all"),
    Why.REACH: _reach,
    Why.SERVES_AREA: lambda facts: _("serves %(place)s", place=facts["place"]),
    Why.SERVES_EVERYWHERE: lambda _facts: _("helps wherever you are"),
    Why.BY_PHONE: lambda _facts: _("helps by phone or online"),
    Why.SPEAKS: lambda facts: _("speaks %(language)s", language=language_name(str(facts["language"]))),
    Why.NO_PAPERS: lambda _facts: _("asks for no papers"),
    Why.MEANT_FOR: lambda facts: _MEANT_FOR[str(facts["who"])](),
    Why.STEP_FREE: lambda _facts: _("a wheelchair gets in"),
    Why.COSTS: lambda facts: _COSTS[str(facts["cost"])](),
    Why.OPEN_THEN: lambda facts: _opens_then(facts["at"]),
    Why.NEED_ALSO: lambda facts: _("also helps with: %(need)s", need=need_words.need(str(facts["need"]))),
}
_SENTENCES: Mapping[Why, _Say] = {
    Why.NEED_NEAR: lambda facts: _("Close to what you asked for: %(need)s.", need=need_words.need(str(facts["need"]))),
    Why.OUTSIDE_AREA: lambda facts: _(
        "It says it serves another area than %(place)s: call first.", place=facts["place"]
    ),
    Why.FULL: lambda facts: _LOWER[str(facts["state"])](),
    Why.FAR: lambda _facts: _("Far to walk."),
    Why.NO_HOURS: lambda _facts: _("Lower in the list because its hours are not known."),
    Why.ALERT: lambda _facts: _("Read its notice first."),
    Why.DOUBTED: lambda _facts: _("Somebody told us that a fact here is wrong. Call first."),
    Why.MISSES: _missing,
}


def _opens_then(at: Fact) -> str:
    assert isinstance(at, datetime)
    # Translators: a reason, "open Sat, Nov 28 at 10:00 AM"
    return _("open %(day)s at %(time)s", day=formatting.day(at.date()), time=formatting.time(at.time()))


def why(reasons: Iterable[Reason]) -> str:
    """Why a listing stands here, as one list of phrases and what to mind."""
    told = list(reasons)
    phrases = [_PHRASES[reason.code](reason.facts) for reason in told if reason.code in _PHRASES]
    if not phrases or sum(reason.code is Why.NEED_EXACT for reason in told) > 1:
        phrases = [*_exact(told), *phrases]
    joined = formatting.list_of(phrases) if phrases else ""
    # Translators: ends a list of reasons as a sentence
    first = _("%(reasons)s.", reasons=joined) if joined else ""
    return " ".join(filter(None, (first, *_minding(told))))


def sentence(reason: Reason) -> str:
    """One reason in words of its own, for programs."""
    say = _PHRASES.get(reason.code) or _SENTENCES.get(reason.code) or _FACTS.get(reason.code)
    return say(reason.facts) if say else reason.code.value


def _exact(reasons: Iterable[Reason]) -> list[str]:
    needs = [need_words.need(str(reason.facts["need"])) for reason in reasons if reason.code is Why.NEED_EXACT]
    return [_("helps with: %(need)s", need=formatting.list_of(needs))] if needs else []


def _minding(reasons: Iterable[Reason]) -> Iterable[str]:
    for reason in reasons:
        if reason.code in _SENTENCES:
            yield _SENTENCES[reason.code](reason.facts)
        elif reason.code is Why.OLD_FACTS and int(str(reason.facts.get("days", _STALE_DAYS + 1))) > _STALE_DAYS:
            yield _("Call first: facts may be old.")


_FACTS: Mapping[Why, _Say] = {
    Why.NEED_EXACT: lambda facts: _("helps with: %(need)s", need=need_words.need(str(facts["need"]))),
    Why.OPEN_NOW: lambda _facts: _("open now"),
    Why.OPENS: lambda _facts: _("opens later"),
    Why.HAS_ROOM: lambda _facts: _("has room"),
    Why.WAITLIST: lambda _facts: _("has a waitlist"),
    Why.CHECKED: lambda facts: _checked(int(str(facts["days"]))),
    Why.OLD_FACTS: lambda facts: (
        ngettext("not checked in %(num)s day", "not checked in %(num)s days", int(str(facts["days"])))
        if "days" in facts
        else _("never checked")
    ),
}


def _checked(days: int) -> str:
    return ngettext("checked %(num)s day ago", "checked %(num)s days ago", days) if days else _("checked today")


def relaxed(step: Relaxed) -> str:
    """What was given up to find more, as one sentence."""
    return _RELAXED[step.step](step.facts)


def _few_open(facts: Mapping[str, Fact]) -> str:
    if "days" not in facts:
        return _("Few places are open then, so others are shown below them.")
    return ngettext(
        "We know opening hours for the next %(num)s day only, so other places are shown.",
        "We know opening hours for the next %(num)s days only, so other places are shown.",
        int(str(facts["days"])),
    )


_RELAXED: Mapping[Relax, _Say] = {
    Relax.WITHOUT_CHECKED: lambda _facts: _("Few places were checked that lately, so others are shown below them."),
    Relax.WITHOUT_COST: lambda _facts: _("Few places say they cost that, so others are shown below them."),
    Relax.WITHOUT_PHONE: lambda _facts: _("Few places help by phone or online, so others are shown below them."),
    Relax.WITHOUT_WHEELCHAIR: lambda _facts: _("Few places say they are step-free, so others are shown below them."),
    Relax.WITHOUT_WHO: lambda _facts: _("Few places take these people, so others are shown below them."),
    Relax.WITHOUT_PAPERS: lambda _facts: _("Few places ask for no papers, so others are shown below them."),
    Relax.WITHOUT_ROOM: lambda _facts: _("Few places said they have room, so others are shown below them."),
    Relax.WITHOUT_OPEN: _few_open,
    Relax.WITHOUT_LANGUAGE: lambda _facts: _("Few places speak this language, so others are shown below them."),
    Relax.WIDER: lambda facts: _(
        "We looked farther, up to %(distance)s.", distance=formatting.miles(float(str(facts["radius_m"])))
    ),
    Relax.ANYWHERE: lambda _facts: _("We added places that do not say where they are."),
    Relax.SOME_WORDS: lambda _facts: _("No place holds all your words, so these hold most of them."),
    Relax.NEAR_NEEDS: lambda facts: _(
        "We added places for needs close by: %(needs)s.",
        needs=formatting.list_of(need_words.need(need) for need in str(facts["needs"]).split()),
    ),
}


def place_problem(error: PlaceError) -> str:
    """What is wrong with a place; what may have been meant is in its suggestions."""
    typed = error.typed
    return {
        PlaceProblem.NOT_A_ZIP: lambda: _("Type 5 digits for a ZIP, or a city."),
        PlaceProblem.UNKNOWN_ZIP: lambda: _("We do not know the ZIP %(typed)s.", typed=typed),
        PlaceProblem.ZIP_WITHOUT_PLACE: lambda: _(
            "%(typed)s is a military ZIP without a place. Type the city.", typed=typed
        ),
        PlaceProblem.UNKNOWN_CITY: lambda: _("We do not know the city %(typed)s.", typed=typed),
        PlaceProblem.WHICH_CITY: lambda: _("There are several cities called %(typed)s. Add the state.", typed=typed),
    }[error.problem]()


def open_when(when: OpenWhen) -> str:
    """The filter on hours, as its chip says it."""
    days = (OpenWhen.MON, OpenWhen.TUE, OpenWhen.WED, OpenWhen.THU, OpenWhen.FRI, OpenWhen.SAT, OpenWhen.SUN)
    if when in days:
        # Translators: filter chip, "Open Saturday"
        return _("Open %(day)s", day=formatting.weekday(days.index(when)))
    return {
        OpenWhen.NOW: _("Open now"),
        OpenWhen.TODAY: _("Open today"),
        OpenWhen.TONIGHT: _("Open tonight"),
        OpenWhen.WEEKEND: _("Open this weekend"),
    }[when]


def open_at(wall: datetime) -> str:
    """The filter on a chosen minute, as its chip says it."""
    # Translators: filter chip, "Open Sat, Nov 28 at 10:00 AM"
    return _("Open %(day)s at %(time)s", day=formatting.day(wall.date()), time=formatting.time(wall.time()))


def constraint(field: str, value: str) -> str:
    """A filter read from the words, as its chip says it."""
    if field == "open":
        return open_when(OpenWhen(value))
    if field == "language":
        return _("Speaks %(language)s", language=language_name(value))
    if field == "near":
        return _("Near %(place)s", place=value)
    if field == "who":
        return who(Group(value))
    return {
        "has_room": _("Has room"), "no_papers": _("No papers"), "by_phone": _("By phone or online"),
        "wheelchair": _("Step-free"), "cost": _("Free"), "travel": _("By bus"),
    }[field]  # fmt: skip


def who(group: Group) -> str:
    """Whom a place must take, as the filter says it."""
    return {
        Group.MEN: _("For men"),
        Group.WOMEN: _("For women"),
        Group.FAMILIES: _("For families"),
        Group.YOUTH: _("For young people"),
        Group.SENIORS: _("For older people"),
        Group.VETERANS: _("For veterans"),
    }[group]
