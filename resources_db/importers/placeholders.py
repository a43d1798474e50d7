"""Organizations that a file names but does not hold: by choice they stand in as placeholders only staff see."""

from resources_db.importers.batch import Batch, Checked
from resources_db.importers.identity import References
from resources_db.importers.records import Where
from resources_db.importers.scratch import batched
from resources_db.vocab import Visibility

_UNKNOWN = """
SELECT json_extract(child.body, '$[0].organization_id'), min(json_extract(child.body, '$[2]'))
FROM record AS child
WHERE child.kind IN ('service', 'program') AND child.state = 0
    AND json_extract(child.body, '$[0].organization_id') IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM record AS owner WHERE owner.kind = 'organization'
        AND owner.key = json_extract(child.body, '$[0].organization_id'))
GROUP BY 1
"""


def stand_in(batch: Batch, references: References) -> None:
    """One placeholder for each organization that neither the file nor the directory knows."""
    for part in batched(batch.store.execute(_UNKNOWN).fetchall()):
        standing = references.find("organization", [text for text, _file in part])
        for text, file in part:
            if text not in standing:
                values = {"name": f"Unknown organization {text}", "x_visibility": Visibility.STAFF.value}
                one = Checked("organization", text, dict(values), Where(file))
                batch.add(one)
                batch.warn(one, "placeholder_made", "organization_id", text)
