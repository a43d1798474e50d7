"""Help that does not wait for a list: what stands above everything when the words of a question tell of danger."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.catalog import gettext as _
from search.answer import SearchAnswer


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call now."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """Help that does not wait for a list."""

    kind: str
    text: str
    calls: tuple[Call, ...]


def urgent(answer: SearchAnswer) -> tuple[Urgent, ...]:
    """What stands above everything, in the order it was said."""
    return tuple(_urgent(kind) for kind in answer.urgent)


def _urgent(kind: str) -> Urgent:
    emergency = Call(_("Call 911"), "911")
    known = {
        "suicide": (
            _("Thinking of suicide? Call or text 988 now. It is free, day and night."),
            [Call(_("Call 988"), "988"), emergency],
        ),
        "overdose": (
            _("Overdose? Call 911 now. Give naloxone if you have it. Stay with the person."),
            [emergency, _poison()],
        ),
        "poison": (_("Poison? Call Poison Help now. If the person collapses, call 911."), [_poison(), emergency]),
        "violence": (
            _("In danger now? Call 911. The National Domestic Violence Hotline helps day and night."),
            [emergency, Call(_("Hotline 800-799-7233"), "+18007997233")],
        ),
        "child_abuse": (
            _("A child in danger now? Call 911. The Childhelp hotline helps day and night."),
            [emergency, Call(_("Childhelp 800-422-4453"), "+18004224453")],
        ),
        "medical": (_("This may be an emergency. Call 911 now."), [emergency]),
        "no_shelter": (
            _("No place to sleep tonight? Call 211, day and night. In danger? Call 911."),
            [Call(_("Call 211"), "211"), emergency],
        ),
    }
    text, calls = known[kind]
    return Urgent(kind, text, tuple(calls))


def _poison() -> Call:
    return Call(_("Poison Help 800-222-1222"), "+18002221222")
