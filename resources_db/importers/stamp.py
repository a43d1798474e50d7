"""How the directory stands, in one short text: equal stamps mean that nothing a plan depends on has changed."""

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from resources_db.hsds.fields import OBJECTS
from resources_db.models.curation import FieldMark, ImportRun, SearchChange
from resources_db.models.imports import DirectorySource
from resources_db.models.upkeep import RecordRedirect


def of(session: Session) -> str:
    """A few counts and sums; some milliseconds for a hundred thousand services."""
    facts = [
        select(func.max(SearchChange.seq)),
        select(func.max(RecordRedirect.at)),
        select(func.max(ImportRun.applied_at)),
        select(func.max(ImportRun.rolled_back_at)),
        select(func.count(FieldMark.id)),
        select(func.max(FieldMark.confirmed_at)),
        select(func.sum(cast(FieldMark.locked, Integer))),
        select(func.sum(DirectorySource.rank)),
        *(
            select(func.count() + func.coalesce(func.sum(kind.model.__table__.c.version), 0)).select_from(kind.model)
            for kind in OBJECTS.values()
            if kind.top_level
        ),
    ]
    return "|".join(str(session.scalar(fact)) for fact in facts)
