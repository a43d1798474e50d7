"""What a list of documents says about papers."""

import pytest

from search.papers import Papers, papers_of


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ([], Papers.UNKNOWN),
        (["None"], Papers.NONE_ASKED),
        (["No papers needed", "A bag"], Papers.NONE_ASKED),
        (["No ID required"], Papers.NONE_ASKED),
        (["A bag"], Papers.UNKNOWN),
        (["Photo ID"], Papers.ASKED),
        (["No ID needed", "Proof of income"], Papers.ASKED),
        (["None except proof of address"], Papers.ASKED),
    ],
)
def test_only_a_clear_word_is_a_promise(documents, says):
    assert papers_of(documents) is says
