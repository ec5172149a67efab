"""The SQL of one statement, one concern a file.

From the outside in: `statement` (the root fields), `search`, `objects` (the JSON of a selection), `lists` and
`keyset_page` (the rows of a page), `filters`, `rows` (tables at a clock, values of fields), `parameters`. Each may
import
those after it; `types` and `json_text` serve all of them.
"""
