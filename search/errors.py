"""What can go wrong in search. Errors carry a code and facts; the words are made at the edge."""

from enum import StrEnum


class SearchError(Exception):
    """Root of this package's errors."""


class PlaceProblem(StrEnum):
    """Why a place could not be found."""

    NOT_A_ZIP = "not_a_zip"  # digits, but no five of them
    UNKNOWN_ZIP = "unknown_zip"
    ZIP_WITHOUT_PLACE = "zip_without_place"  # military and diplomatic mail
    UNKNOWN_CITY = "unknown_city"
    WHICH_CITY = "which_city"  # the name stands for several, none clearly meant


class PlaceError(SearchError):
    """`suggestions` are texts that would be understood."""

    def __init__(self, problem: PlaceProblem, typed: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.typed = typed
        self.suggestions = suggestions


class AreaError(SearchError):
    """A service area that cannot be used; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IndexUnavailableError(SearchError):
    """There is no index that can be trusted; the caller answers from SQL and rebuilds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
