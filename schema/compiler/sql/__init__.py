"""Makes the SQL of one statement: plain functions that take a `Context` first, one concern a module.

From the outside in; each may import those after it and none before, so that no module waits for a caller:

    statement     the root fields, and the plan
    search        the page of a search
    objects       the JSON of a selection: records, values, connections
    lists         the rows of a page: order, cursors, sizes
    filters       conditions on rows
    rows          the rows of a table at a clock, and declared SQL expanded
    context       what these share: types, selection, parameters, clock policy, checks
    clocks        how a statement reads the clock
    parameters    bound values and aliases

`keyset_page` (the SQL around a page), `types` (what the schema declares) and `json_text` (SQL that writes JSON) serve
all of them. May import `plan` and `document` beside it; runs nothing. Begin with `statement.py`.
"""
