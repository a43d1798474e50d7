"""Names of languages as directories write them."""

import pytest

from resources_db.importers.spoken import language_code


@pytest.mark.parametrize(
    ("text", "code"),
    [("Spanish", "es"), ("Español", "es"), ("Creole translator provided", "ht"), ("American Sign Language", "ase"),
     ("vi", "vi"), ("Vietnamese and Chinese", "vi"), ("translation line", ""), ("", "")],
)  # fmt: skip
def test_a_language_is_found_in_words(text: str, code: str) -> None:
    assert language_code(text) == code
