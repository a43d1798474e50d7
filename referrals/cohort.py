"""Reads the referrals that count in a period as columns of numbers, as they were known at a moment.

A row's own columns are the fold of its events, so they are read as they stand; only what moved after the moment is
folded anew from the events recorded by then. Nothing is read one referral at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import func, select

from referrals import outcomes, said
from referrals.grouping import Groups, Keys
from referrals.lifecycle import TERMINAL
from referrals.outcomes import Said
from referrals.periods import By, Flags
from resources_db.models.referrals import PatientAnswer, Referral, ReferralEvent
from resources_db.repositories.columns import columns, numbers, raw, rows, words
from resources_db.seconds import seconds
from resources_db.vocab import EventKind, PatientWord, Priority, Reason, ReferralState, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from referrals.periods import Codes, Period, Times

S = ReferralState
REFERRAL, EVENT, ANSWER = Referral.__table__.c, ReferralEvent.__table__.c, PatientAnswer.__table__.c
STATES: tuple[str, ...] = tuple(ReferralState)
REASONS: tuple[str, ...] = ("", *Reason)
WORDS: tuple[Said, ...] = (Said.NOTHING, *(said for said in Said if said is not Said.NOTHING))
BY_MISTAKE = frozenset({Reason.DUPLICATE, Reason.WRONG_SERVICE, Reason.WRONG_PATIENT})
MISTAKE_WITHIN = 3_600.0
"""Seconds after sending in which a withdrawal takes a mistake back: such a referral never counts."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The referrals that count. Moments are seconds since 1970, NaN where nothing happened."""

    as_of: float
    ids: tuple[object, ...]
    """As the driver gives them."""
    sent: Times
    answered: Times
    closed: Times
    """When it ended, however it ended."""
    state: Codes
    reason: Codes
    first_try: Flags
    urgent: Flags
    word: Codes
    groups: Groups

    def __len__(self) -> int:
        return len(self.sent)

    def is_in(self, states: Iterable[ReferralState]) -> Flags:
        """Which of them are in one of these states."""
        found: Flags = np.isin(self.state, [STATES.index(one) for one in states])
        return found

    def because(self, reasons: Iterable[Reason]) -> Flags:
        """Which of them came to where they are for one of these reasons."""
        found: Flags = np.isin(self.reason, [REASONS.index(one) for one in reasons])
        return found

    def said(self, *words: Said) -> Flags:
        """About which of them the patient last said one of these."""
        found: Flags = np.isin(self.word, [WORDS.index(one) for one in words])
        return found

    def only(self, kept: Flags) -> Attempts:
        """A part of them."""
        return replace(
            self,
            ids=tuple(compress(self.ids, kept.tolist())),
            sent=self.sent[kept],
            answered=self.answered[kept],
            closed=self.closed[kept],
            state=self.state[kept],
            reason=self.reason[kept],
            first_try=self.first_try[kept],
            urgent=self.urgent[kept],
            word=self.word[kept],
            groups=self.groups.only(kept),
        )


@dataclass(frozen=True, slots=True)
class _Fold:
    """A referral as its events up to the moment tell it."""

    state: str
    reason: str
    answered: float | None
    closed: float | None


def read(session: Session, period: Period, by: Sequence[By] = ()) -> Attempts:
    """The referrals that count: sent in the period, not replaced by a correction, not sent by mistake."""
    keys = Keys(session, by, period.zone)
    found = columns(session, keys.of_referrals(_sent(period)))
    ids, sent, answered, closed, states, reasons, urgent, previous, corrects, *named = found
    moments = numbers(sent)
    attempts = Attempts(
        as_of=period.as_of.timestamp(),
        ids=tuple(ids),
        sent=moments,
        answered=numbers(answered),
        closed=numbers(closed),
        state=words(states, STATES),
        reason=words(reasons, REASONS),
        urgent=np.array(urgent, dtype=np.bool_),
        first_try=_first_tries(session, ids, previous, corrects),
        word=_words(session, ids, period),
        groups=keys.groups(named, moments),
    )
    known = _fold_anew(session, attempts, ids, period.as_of)
    return attempts.only(known & ~_by_mistake(attempts))


def not_corrected(as_of: datetime) -> ColumnElement[bool]:
    """Only the last of a correction chain counts."""
    later = Referral.__table__.alias()
    newer = select(later.c.correction_of).where(later.c.correction_of.is_not(None), later.c.created_at <= as_of)
    return REFERRAL.id.not_in(newer)


def _sent(period: Period) -> Select[*tuple[object, ...]]:
    return select(
        raw(REFERRAL.id),
        seconds(REFERRAL.sent_at),
        seconds(REFERRAL.answered_at),
        seconds(REFERRAL.terminal_at),
        raw(REFERRAL.state),
        raw(REFERRAL.reason),
        REFERRAL.priority == Priority.URGENT,
        REFERRAL.previous_id.is_not(None),
        raw(REFERRAL.correction_of),
    ).where(
        REFERRAL.sent_at >= period.since,
        REFERRAL.sent_at < period.until,
        REFERRAL.sent_at <= period.as_of,
        not_corrected(period.as_of),
    )


def _first_tries(
    session: Session, ids: Sequence[object], previous: Sequence[object], corrects: Sequence[object]
) -> Flags:
    """Not made because an earlier one failed. A correction is the same try as the referral it corrects."""
    first = ~np.array(previous, dtype=np.bool_)
    if not any(corrects):
        return first
    old = Referral.__table__.alias()
    chain = select(raw(REFERRAL.id), raw(old.c.id), raw(old.c.previous_id), raw(old.c.correction_of))
    links = rows(session, chain.join_from(Referral.__table__, old, old.c.id == REFERRAL.correction_of))
    before = {new: (old_id, earlier, corrected) for new, old_id, earlier, corrected in links}
    for at, one in enumerate(corrects):
        if one is not None:
            first[at] = _root_is_first(ids[at], before)
    return first


def _root_is_first(one: object, before: Mapping[object, tuple[object, object, object]]) -> bool:
    while one in before:
        old_id, earlier, corrected = before[one]
        if corrected is None:
            return earlier is None
        one = old_id
    return True


def _words(session: Session, ids: Sequence[object], period: Period) -> Codes:
    """What each patient said last about each referral, or about the whole send it was part of."""
    told = (
        ANSWER.at <= period.as_of,
        ANSWER.at >= period.since,
        ANSWER.need_id.is_(None),
        ANSWER.word.in_(outcomes.SAID),
        said.counts(period.as_of),
    )
    word, at = raw(ANSWER.word), seconds(ANSWER.at)
    about_one = select(raw(ANSWER.referral_id), word, at).where(ANSWER.referral_id.is_not(None), *told)
    same_send = REFERRAL.batch_id == ANSWER.batch_id
    about_all = (
        select(raw(REFERRAL.id), word, at)
        .join_from(PatientAnswer.__table__, Referral.__table__, same_send)
        .where(ANSWER.referral_id.is_(None), *told)
    )
    words_said = sorted([*rows(session, about_all), *rows(session, about_one)], key=_when)
    code = {str(word): WORDS.index(outcomes.said(word)) for word in PatientWord}
    last = {referral: code[str(word)] for referral, word, _ in words_said}
    return np.fromiter((last.get(one, 0) for one in ids), np.int32, len(ids))


def _when(row: Sequence[object]) -> float:
    moment = row[2]
    assert isinstance(moment, float)
    return moment


def _fold_anew(session: Session, attempts: Attempts, ids: Sequence[object], as_of: datetime) -> Flags:
    """Set back what moved after the moment; False for what was not there yet."""
    known = np.ones(len(ids), dtype=np.bool_)
    folds = _folds(session, as_of)
    if not folds:
        return known
    for at, one in enumerate(ids):
        if one in folds:
            fold = folds[one]
            known[at] = fold is not None
            if fold is not None:
                attempts.state[at], attempts.reason[at] = STATES.index(fold.state), REASONS.index(fold.reason)
                attempts.answered[at], attempts.closed[at] = numbers([fold.answered, fold.closed])
    return known


def _folds(session: Session, as_of: datetime) -> dict[object, _Fold | None]:
    """Each referral that moved after the moment, as it was then; None where it had not moved at all."""
    late = ReferralEvent.__table__.alias()
    moved_later = select(late.c.referral_id).where(late.c.recorded_at > as_of, late.c.kind == EventKind.MOVE)
    moves = (
        select(
            raw(EVENT.referral_id),
            raw(EVENT.to_state),
            raw(EVENT.reason),
            agencys_word(),
            seconds(EVENT.occurred_at),
            EVENT.recorded_at <= as_of,
        )
        .where(EVENT.kind == EventKind.MOVE, EVENT.referral_id.in_(moved_later))
        .order_by(EVENT.referral_id, EVENT.seq)
    )
    found: dict[object, _Fold | None] = {}
    for one, state, reason, agencys, at, known in rows(session, moves):
        before = found.setdefault(one, None)
        if known:
            found[one] = _folded(before, str(state), reason, at if agencys else None, at)
    return found


def _folded(before: _Fold | None, state: str, reason: object, answered: object, at: object) -> _Fold:
    assert isinstance(at, float)
    first = before.answered if before is not None else None
    if first is None and answered is not None:
        first = at
    return _Fold(state, str(reason or ""), first, at if state in TERMINAL else None)


def agencys_word() -> ColumnElement[bool]:
    """A move that the agency made, or told by phone. Opening the referral says nothing yet."""
    told = (EVENT.side == Side.AGENCY) | (func.coalesce(EVENT.said_by, "") != "")
    return told & (EVENT.to_state != S.SEEN)


def _by_mistake(attempts: Attempts) -> Flags:
    withdrawn = attempts.is_in({S.WITHDRAWN}) & attempts.because(BY_MISTAKE)
    return withdrawn & (attempts.closed - attempts.sent <= MISTAKE_WITHIN)
