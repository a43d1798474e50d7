"""A text that is looked up only when it is read, so a label made at import speaks the reader's language."""

from collections.abc import Callable
from html import escape


class LazyText:
    """Stands for a text; WTForms, Jinja and `str()` all see the words of the moment."""

    __slots__ = ("_speak",)

    def __init__(self, speak: Callable[[], str]) -> None:
        """Keep the way to say it."""
        self._speak = speak

    def __str__(self) -> str:
        """The words in the language of the moment."""
        return self._speak()

    def __html__(self) -> str:
        """The words, escaped for a page."""
        return escape(str(self))

    def __mod__(self, values: object) -> str:
        """Fill placeholders."""
        return str(self) % values

    def __eq__(self, other: object) -> bool:
        """Equal when it reads the same now."""
        return str(self) == str(other) if isinstance(other, (str, LazyText)) else NotImplemented

    def __hash__(self) -> int:
        """Hash of the text as it reads now."""
        return hash(str(self))

    def __len__(self) -> int:
        """Length of the text as it reads now."""
        return len(str(self))

    def __bool__(self) -> bool:
        """A label is always something."""
        return True

    def __repr__(self) -> str:
        """The text, marked as lazy."""
        return f"LazyText({str(self)!r})"
