"""Words that are translated when they are shown, typed as the text that form fields ask for."""

from collections.abc import Callable
from typing import cast

from i18n.catalog import lazy_gettext

_ = cast("Callable[[str], str]", lazy_gettext)
"""Named like gettext, so that the extraction of words finds its calls."""
