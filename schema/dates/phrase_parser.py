"""Parses tokens by the grammar of phrases.lark, with Lark in LALR mode.

The only module that knows Lark. It is imported with the first phrase, since Lark takes time to import and the tables to
make; then they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree, UnexpectedInput
from lark.lexer import Lexer

from schema.dates.phrase_words import Node, Word

GRAMMAR = Path(__file__).with_name("phrases.lark")

MOST_WORDS = 30
"""Tokens of a phrase that the grammar looks at: twice as many as its longest term has, so that a text costs no more."""


def longest_term(words: Sequence[Word]) -> tuple[Node, int] | None:
    """The longest beginning of a phrase that is a term, and how many words it has."""
    state = parser().parse_interactive()
    ends = []
    for index, word in enumerate(words[:MOST_WORDS]):
        try:
            state.feed_token(Token(word.kind, word.value))
        except UnexpectedInput:
            break
        if "$END" in state.choices():  # type: ignore[no-untyped-call]
            ends.append(index + 1)
    for end in reversed(ends):
        try:
            return node(parser().parse(words[:end])), end
        except UnexpectedInput:
            continue
    return None


@cache
def parser() -> Lark:
    """Raises lark.GrammarError where the grammar is ambiguous."""
    return Lark(GRAMMAR.read_text(), parser="lalr", lexer=WordLexer, strict=True, maybe_placeholders=False)


class WordLexer(Lexer):
    """Hands over tokens that are made already."""

    def __init__(self, _: Any) -> None:
        pass

    def lex(self, data: Any, _: Any = None) -> Iterator[Token]:
        for word in data:
            yield Token(word.kind, word.value)


def node(tree: Tree[Token]) -> Node:
    return Node(
        str(tree.data),
        tuple(
            node(child) if isinstance(child, Tree) else Word(child.type, str(child), 0, 0) for child in tree.children
        ),
    )
