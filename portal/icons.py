"""The drawings: one stroke set on a 20 x 20 grid. Owns the shapes only; words always stand beside them in the templates."""

from functools import cache
from typing import Final

from markupsafe import Markup

RING: Final = '<circle cx="10" cy="10" r="7.5"/>'
FAINT: Final = '<circle cx="10" cy="10" r="7.5" opacity=".28"/>'
CROSS: Final = '<path d="m7.4 7.4 5.2 5.2m0-5.2-5.2 5.2"/>'

SHAPES: Final[dict[str, str]] = {
    # How far a referral is: the ring closes as the loop closes.
    "ring-dots": '<circle cx="10" cy="10" r="7.5" stroke-dasharray=".1 3.82"/>',
    "ring-broken": '<circle cx="10" cy="10" r="7.5" stroke-dasharray="3.6 4.25"/>',
    "ring-quarter": FAINT + '<path d="M10 2.5A7.5 7.5 0 0 1 17.5 10"/>',
    "ring-half": FAINT + '<path d="M10 2.5A7.5 7.5 0 0 1 10 17.5"/>',
    "ring-three": FAINT + '<path d="M10 2.5A7.5 7.5 0 1 1 2.5 10"/>',
    "ring-date": FAINT + '<path d="M10 2.5A7.5 7.5 0 1 1 2.5 10M10 6.2V10l2.4 1.8"/>',
    "ring-nearly": FAINT
    + '<path d="M10 2.5A7.5 7.5 0 1 1 4.7 4.7"/><circle cx="10" cy="10" r="2.2" fill="currentColor" stroke="none"/>',
    "ring-filled-half": RING + '<path d="M10 2.5v15A7.5 7.5 0 0 1 10 2.5Z" fill="currentColor"/>',
    "ring-check": RING + '<path d="m6.6 10.2 2.4 2.4 4.5-5"/>',
    # Rings that say one thing.
    "ring-plus": RING + '<path d="M10 6.5v7M6.5 10h7"/>',
    "ring-bar": RING + '<path d="M6.5 10h7"/>',
    "ring-bars": RING + '<path d="M8.2 7.4v5.2M11.8 7.4v5.2"/>',
    "ring-cross": RING + CROSS,
    "ring-question": RING + '<path d="M8 8.2c0-2.6 4-2.4 4 0 0 1.6-2 1.6-2 3.2M10 14v.01"/>',
    "clock": RING + '<path d="M10 5.8V10l2.8 2"/>',
    "info": RING + '<path d="M10 9.4v4M10 6.4v.01"/>',
    # Signs.
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "checks": '<path d="m1.5 10.8 3.6 3.6 7-8.2M9.6 13.6l1 .9 7-8.2"/>',
    "cross": '<path d="m5 5 10 10M15 5 5 15"/>',
    "warning": '<path d="M10 3 18 17H2Z"/><path d="M10 8.2v4M10 14.6v.01"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "back": '<path d="m12.5 4.5-5.5 5.5 5.5 5.5"/>',
    "next": '<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>',
    "undo": '<path d="M7 4 3.5 7.5 7 11M3.5 7.5H12a4.5 4.5 0 0 1 0 9H8"/>',
    "again": '<path d="M16.5 4v4h-4M3.5 16v-4h4M4.4 8a6 6 0 0 1 11-1.2l1.1 1.2M15.6 12a6 6 0 0 1-11 1.2L3.5 12"/>',
    # Things.
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="m12.8 12.8 4.2 4.2"/>',
    "phone": (
        '<path d="M5 2.8h2.4l1.3 3.6-1.7 1.4a10 10 0 0 0 5.2 5.2l1.4-1.7 3.6 1.3V15a2 2 0 0 1-2.2 2A13.4 13.4 0 0 1 3 5a2 2 0 0 1 2-2.2Z"/>'
    ),
    "text": '<path d="M3 4h14v9.5H9L5.5 17v-3.5H3Z"/>',
    "mail": '<path d="M2.5 4.5h15v11h-15Zm0 .8 7.5 6 7.5-6"/>',
    "print": '<path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6Z"/>',
    "copy": '<path d="M7 7V3h10v10h-4M3 7h10v10H3Z"/>',
    "download": '<path d="M10 3v9.5m-4-4 4 4 4-4M3.5 16.5h13"/>',
    "pen": '<path d="M3 17v-3.5L13.5 3l3.5 3.5L6.5 17Z"/>',
    "pin": '<path d="M10 17.5S4.5 12 4.5 8a5.5 5.5 0 0 1 11 0c0 4-5.5 9.5-5.5 9.5Z"/><circle cx="10" cy="8" r="1.8"/>',
    "home": '<path d="M3 9.5 10 3l7 6.5M5 8v9h10V8"/>',
    "lock": '<path d="M4.5 9h11v8h-11Zm2.5 0V6.5a3 3 0 0 1 6 0V9"/>',
    "calendar": '<path d="M3.5 4.5h13v12h-13ZM3.5 8.5h13M7 2.8v3.4M13 2.8v3.4"/>',
    "person": '<circle cx="10" cy="6.5" r="3.5"/><path d="M3.5 17.2c.6-4 3-5.7 6.5-5.7s5.9 1.7 6.5 5.7"/>',
    "people": '<circle cx="7.5" cy="7" r="3"/><path d="M2 16.5c.4-3.4 2.4-5 5.5-5s5.1 1.6 5.5 5M13 4.3a3 3 0 0 1 0 5.4M15 12c1.8.7 2.8 2.2 3 4.5"/>',
    "globe": RING + '<path d="M2.5 10h15M10 2.5c4 4.6 4 10.4 0 15-4-4.6-4-10.4 0-15Z"/>',
    "map": '<path d="m2.5 5 5-2 5 2 5-2v12l-5 2-5-2-5 2ZM7.5 3v12M12.5 5v12"/>',
    "bill": '<path d="M5 2.5h10v15l-2.5-1.5-2.5 1.5-2.5-1.5L5 17.5ZM7.5 6.5h5m-5 3.5h5"/>',
    "bag": '<path d="M4 7h12l1 10H3ZM7 9V6a3 3 0 0 1 6 0v3"/>',
    "exit": '<path d="M12 3.5H4v13h8M8.5 10H17m-3.5-3.5L17 10l-3.5 3.5"/>',
}

# Drawings that point along the reading direction; clocks, phones and ticks do not.
TURNS: Final = frozenset({"back", "next", "undo", "exit"})


@cache
def icon(name: str, cls: str = "") -> Markup:
    """The drawing as inline SVG, hidden from screen readers because a word always stands beside it."""
    classes = ["i", *(["turn"] if name in TURNS else []), *cls.split()]
    shape = Markup(SHAPES[name])  # noqa: S704 - our own drawings, above
    frame = Markup('<svg class="{}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>')
    return frame.format(" ".join(classes), shape)
