"""Taxonomies, the terms said of records, and the published history of fields."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id
from resources_db.models.directory.columns import Part, owner, text_column


class Taxonomy(Part, Base):
    """HSDS taxonomy."""

    __tablename__ = "taxonomy"

    id: Mapped[Id]
    name: Mapped[str]
    description: Mapped[str] = text_column()
    uri: Mapped[str] = text_column()
    version: Mapped[str] = text_column()


class TaxonomyTerm(Part, Base):
    """HSDS taxonomy_term."""

    __tablename__ = "taxonomy_term"

    id: Mapped[Id]
    code: Mapped[str] = text_column()
    name: Mapped[str]
    description: Mapped[str] = text_column()
    parent_id: Mapped[uuid.UUID | None]
    taxonomy: Mapped[str] = text_column()
    language: Mapped[str] = text_column()
    taxonomy_id: Mapped[uuid.UUID | None] = owner("taxonomy")
    term_uri: Mapped[str] = text_column()


class Attribute(Part, Base):
    """HSDS attribute: a taxonomy term said of any record."""

    __tablename__ = "attribute"
    __table_args__ = (Index("ix_attribute_link_id", "link_id"),)

    id: Mapped[Id]
    link_id: Mapped[uuid.UUID]
    taxonomy_term_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    link_type: Mapped[str] = text_column()
    link_entity: Mapped[str] = text_column()
    value: Mapped[str] = text_column()
    label: Mapped[str] = text_column()


class Metadata(Part, Base):
    """HSDS metadata: the published history of a field."""

    __tablename__ = "metadata"
    __table_args__ = (Index("ix_metadata_resource_id", "resource_id"),)

    id: Mapped[Id]
    resource_id: Mapped[uuid.UUID]
    resource_type: Mapped[str] = text_column()
    last_action_date: Mapped[date | None]
    last_action_type: Mapped[str] = text_column()
    field_name: Mapped[str] = text_column()
    previous_value: Mapped[str] = text_column()
    replacement_value: Mapped[str] = text_column()
    updated_by: Mapped[str] = text_column()


class MetaTableDescription(Part, Base):
    """HSDS meta_table_description."""

    __tablename__ = "meta_table_description"

    id: Mapped[Id]
    name: Mapped[str] = text_column()
    language: Mapped[str] = text_column()
    character_set: Mapped[str] = text_column()
