"""The documents of the reads: what an operation is given, which fragments it gets, and what a mistake is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import FragmentDefinitionNode, parse

from api.rest.documents import FRAGMENTS, READS, assemble, parse_fragments, read_documents
from api.rest.read import check_read, parse_reads, reads
from schema.compiler.compiler import Compiler
from schema.root_types import create_schema

PAGE = ["orderBy", "first", "after", "last", "before", "withTotal"]
CLOCK = ["asOf", "knownAt"]

HEADER = '"""\nGET /v1/some-talks Some talks\n"""\n'
SELECTION = "{ items: nodes { ...TalkReference } totalCount @include(if: $withTotal) pageInfo { ...PageInfo } }\n}\n"

OPERATIONS = {
    "of no variables": "query some @page @clock {\n  page: talks " + SELECTION,
    "of a root field without another name": "query some @page @clock {\n  talks " + SELECTION,
    "of arguments alone": 'query some @page @clock {\n  page: talks(filter: {title: {eq: "a) \\"b"}}) ' + SELECTION,
    "on one line": 'query some("Its title." $title: String) @page @clock { talks(filter: {title: {eq: $title}}) '
    + SELECTION,
    "with signs in its descriptions": 'query some(\n  "Of (a) \\"title\\": $first: @clock {"\n  $title: String\n'
    '  """\n  A "text" with a (\n  """\n  $venue: String\n) @page @clock {\n'
    "    page: talks(filter: {title: {eq: $title}, venue: {eq: $venue}}) " + SELECTION,
}


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    return Compiler(create_schema())


@pytest.fixture(scope="module")
def shared() -> dict[str, str]:
    return parse_fragments([(READS / FRAGMENTS).read_text()])


@pytest.mark.parametrize("text", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_is_given_page_and_clock_however_it_is_written(
    compiler: Compiler, shared: dict[str, str], text: str
) -> None:
    (read,) = parse_reads(compiler, "some.graphql", assemble(HEADER + text, shared))
    own = [name for name in ("title", "venue") if f"${name}" in text]
    assert [each.name for each in check_read(read).outline.parameters] == [*own, *PAGE, *CLOCK]
    assert read.is_list
    assert read.is_counted


def test_what_an_operation_declares_itself_stays_as_it_is(compiler: Compiler, shared: dict[str, str]) -> None:
    text = 'query some(\n  "The day."\n  $asOf: DateTime\n) @clock {\n  found: talk(by: {key: "a"}) { id }\n}\n'
    (read,) = parse_reads(compiler, "some.graphql", assemble(HEADER + text, shared))
    as_of, known_at = check_read(read).outline.parameters
    assert (as_of.name, as_of.description) == ("asOf", "The day.")
    assert known_at.name == "knownAt"


def test_a_document_gets_the_fragments_that_it_spreads_and_does_not_have(shared: dict[str, str]) -> None:
    text = (
        "query some {\n  talks { nodes { ... Talk ... on Talk { ...Venue } } }\n}\n\n"
        "fragment Venue on Talk { process { ...ProcessReference } }\n\nfragment Talk on Talk {\n  id\n}\n"
    )
    assert list(parse_fragments([text])) == ["Venue", "Talk"]
    assert list(parse_fragments([assemble(text, shared)])) == ["Venue", "Talk", "ProcessReference"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("query some @pages {\n  talks { nodes { id } }\n}\n", "query some has @pages; there are @page and @clock"),
        (
            'query some @page {\n  talk(by: {key: "a"}) { id }\n}\n',
            "query some has @page, which is for lists in an order; `talk` is none",
        ),
        (
            "query some {\n  talks { nodes { ...Tlak } }\n}\n",
            "there is no fragment Tlak; write it into this file or into fragments.graphql",
        ),
    ],
)
def test_a_mistake_names_its_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / FRAGMENTS).write_text((READS / FRAGMENTS).read_text())
    (tmp_path / "some.graphql").write_text(HEADER + text)
    with pytest.raises(ValueError, match=f"^{re.escape(f'some.graphql: {message}')}$"):
        read_documents(tmp_path)


def test_every_fragment_has_one_name_and_a_use(compiler: Compiler) -> None:
    definitions = parse((READS / FRAGMENTS).read_text()).definitions
    names = [each.name.value for each in definitions if isinstance(each, FragmentDefinitionNode)]
    assert names == sorted(set(names))
    assert set(names) <= {name for read in reads(compiler) for name in parse_fragments([read.document])}
