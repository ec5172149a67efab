"""The type whose records are evidence for others, as `@record(evidence=…)` declares it, with its columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schema.declare.fields import Children, rule_of
from schema.declare.reflection import column_of, field_named, fields_of, graphql_name, target
from schema.declare.table import Evidence
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS


@dataclass(frozen=True)
class EvidenceType:
    """The type of evidence, what it declares, and the type of its sources. Columns are given by their names."""

    record: type[Record]
    declared: Evidence
    source: type[Record]

    @property
    def table(self) -> str:
        return self.record.table.name

    @property
    def about_column(self) -> str:
        return self.column(self.declared.about)

    @property
    def source_column(self) -> str:
        return self.column(self.declared.source)

    @property
    def part_column(self) -> str:
        return self.column(self.declared.part)

    @property
    def language_column(self) -> str:
        """The column of a source that names its language."""
        return column_of(field_named(self.source, self.declared.language))

    @property
    def published_column(self) -> str:
        """The column of a source that says when it was published."""
        return column_of(field_named(self.source, self.declared.published))

    def column(self, field: str) -> str:
        return column_of(field_named(self.record, field))

    @property
    def list_field(self) -> str:
        """The list in which every record has its evidence, as GraphQL names it."""
        return next(
            graphql_name(each)
            for each in fields_of(Record)
            if isinstance(rule_of(each), Children) and target(each) is self.record
        )


@cache
def evidence() -> EvidenceType:
    """Find the one type that is evidence."""
    link()
    (found,) = ((cls, cls.table.evidence) for cls in RECORDS if cls.table.evidence)
    cls, declared = found
    return EvidenceType(cls, declared, target(field_named(cls, declared.source)))
