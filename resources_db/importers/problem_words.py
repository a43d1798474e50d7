"""What a report says about each kind of problem: one or two sentences, what is wrong and what was done about it."""

from collections.abc import Mapping

from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText

_UNKNOWN = _("This could not be read. It was left out.")

_OF_VALUES: Mapping[str, LazyText] = {
    "age_dropped": _("An age above 120 stands for “no limit” here. It was left out."),
    "bad_character": _("This text holds a character that cannot be stored. The record was left out."),
    "bad_date": _("This is not a date like 2026-11-22. It was left out."),
    "bad_date_time": _("This is not a date and time like 2026-11-22T10:30:00Z. It was left out."),
    "bad_email": _("This is not an e-mail address. It was left out."),
    "bad_number": _("This is not a number. It was left out."),
    "bad_time": _("This is not a time like 09:00. It was left out."),
    "bad_type": _("This value has the wrong form. It was left out."),
    "bad_web_address": _("This is not a web address. It was kept as text, without a link."),
    "bad_word": _("This word is not one of the allowed words. It was left out."),
    "bad_yes_no": _("This is neither yes nor no. It was left out."),
    "bad_zip": _("This is not a ZIP code. It was kept as written."),
    "cell_too_long": _("This cell is longer than 64 KiB. The row was left out."),
    "date_in_future": _("The source says it was checked on a day that is yet to come. That date was left out."),
    "hours_unclear": _("These hours could not be read for sure. They are shown as written, with “call first”."),
    "letters_mended": _("Broken letters were mended, such as “ñ” or a dash. Please look them over."),
    "language_unknown": _("No language we know is named here. It is shown as written."),
    "markup_removed": _("Markup was turned into plain text. The original is kept for the team."),
    "no_number": _("There is no phone number in this text. It is shown as written."),
    "placeholder_dropped": _("This stands for “nothing”, like “n/a”. The field stays empty."),
    "point_from_words": _("The coordinates were read out of a text. Please look them over."),
    "point_out_of_range": _("These coordinates are not possible. They were left out."),
    "point_outside_state": _("These coordinates lie outside the state of the address. They were left out."),
    "words_glued": _("Two words seem glued together here. Nothing was changed; please look it over."),
}
_OF_RECORDS: Mapping[str, LazyText] = {
    "conflicting_rows": _("Rows with the same id say different things. None of them was used."),
    "duplicate_row": _("This row stands here twice. It was used once."),
    "inactive": _("The source says this is not active. It is kept for staff and not shown to the public."),
    "kept_confirmed": _("A person confirmed another value. The import did not overwrite it."),
    "link_dropped": _("It points at a record that is not here. The record went in without that link."),
    "merged": _("A person merged this record with another one. The import changed the one that stands."),
    "missing": _("This required value is missing. The record was left out."),
    "named_after_place": _("This service has no name. It got the name of its place."),
    "message_of_place": _(
        "A message of a place, not of a service, has nowhere to show. It is kept as a note if asked."
    ),
    "needs_unknown": _("The words of this service do not say which need it meets. It waits for a category."),
    "not_for_public": _("The source says not to publish this. Only staff see it."),
    "no_referrals": _("The source says it takes no referrals. It is shown without a referral button."),
    "nothing_in_row": _("Nothing in this row fits the mapping. The row was not used."),
    "other_language": _("This row is the same record in another language. Only the first one was used."),
    "only_a_state": _("This address names a state and nothing else. The place went in without an address."),
    "owner_left_out": _("The record it belongs to was left out, so this was left out too."),
    "orphan": _("This points at a record that is not here. It was left out."),
    "placed_hidden": _("The address of this place is kept confidential. It is sealed and never shown."),
    "private_left_out": _("This is marked private in the source. It was not imported."),
    "placeholder_made": _("Its organization is not here. A placeholder was made that only staff can see."),
    "status_missing": _("No status is given. The service is taken as active."),
}
_OF_FILES: Mapping[str, LazyText] = {
    "bad_json": _("This is not valid JSON. It was not read."),
    "column_not_read": _("There is no place for this column. It was not read."),
    "column_mostly_wrong": _("Most of this column does not fit its name. Behind the arrow: what it looks like."),
    "doubled_file": _("This file seems to hold each record twice, under two ids. Check it before you apply."),
    "encoding_guessed": _("This file is not UTF-8. It was read as Windows text; check the special letters."),
    "file_unused": _("This file is not part of the format. It was not read."),
    "no_such_table": _("This record is of a kind that we do not read. It was left out."),
    "too_deep": _("This record is nested too deeply. It was left out."),
    "too_many_cells": _("This row has more cells than the header. It was left out, nothing was shifted."),
    "unknown_column": _("This column is not part of the format. It is kept and exported, but not shown on pages."),
    "unnamed_column": _("This column has no name. It was not read."),
}
_MESSAGES: Mapping[str, LazyText] = {**_OF_VALUES, **_OF_RECORDS, **_OF_FILES}


def message_of(code: str) -> str:
    """The sentence for a problem's code, in the reader's language."""
    return str(_MESSAGES.get(code, _UNKNOWN))
