"""What a search gives, page by page. The SQL of the finding, and what is searched, stand in `search_words`."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import FieldNode, GraphQLField

from schema.compiler.plan.plan import Bind, Clock, Given, value_of
from schema.compiler.sql import json_text, search_words
from schema.compiler.sql.keyset_page import Page
from schema.compiler.sql.objects import Objects, asks_for_page_info
from schema.compiler.sql.rows import all_of
from schema.compiler.sql.types import object_type


class Searching(Objects):
    """A statement as far as it knows searches."""

    def search(self, field: GraphQLField, nodes: list[FieldNode], given: Mapping[str, Given], clock: Clock) -> str:
        """A page of what is found. The SQL of the finding stands in `schema.compiler.sql.search_words`."""
        connection = object_type(field)
        wanted = self.selection.fields(connection, nodes)
        self.checks.append(Bind(given["text"], search_words.as_sought))
        self.check_sizes(given)
        self.check_cursors(given, search_words.TAG, search_words.KEY_TYPES)
        t, members, page = self.alias(), {}, None
        is_looked_for = any(same[0].name.value != "__typename" for same in wanted.values())
        found = self.found(given, clock) if is_looked_for else ""
        for name, same in wanted.items():
            match same[0].name.value:
                case "__typename":
                    members[name] = json_text.constant(connection.name)
                case "totalCount":
                    members[name] = "(select count(*)::text from found)"
                case column:
                    page = page or self.page_found(t, clock, given, peeks=asks_for_page_info(wanted))
                    members[name] = self.page_column(page, connection.fields[column], same)
        source = f" from {page.sql()}" if page else ""
        return f"({found}select {self.object_text(members)}{source})"

    def page_found(self, t: str, clock: Clock, given: Mapping[str, Given], *, peeks: bool) -> Page:
        page = Page(t, clock, "found", ["true"], search_words.keys(t), search_words.TAG, peeks=peeks)
        self.cut(page, given)
        return page

    def found(self, given: Mapping[str, Given], clock: Clock) -> str:
        """The records found, under the name `found`."""
        text, types = self.bind(given["text"], "text", search_words.as_sought), value_of(given, "types")
        conditions = {}
        for cls in search_words.searched():
            type_, v = self.types.tables[cls.table.name], self.alias("v")
            if counts := self.appears(type_, v, clock):
                conditions[cls.table.name.upper()] = (
                    f"exists (select from {cls.table.name} {v} where {v}.id = e.record_id and {all_of(counts)})"
                )
        chosen = self.bind(types, "text[]") if types else None
        return f"with found as materialized ({search_words.found(text, chosen, search_words.stands(conditions))}) "
