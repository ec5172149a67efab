"""Measures a document in one pass before it is validated, and holds it to the limits.

Each fragment is measured once, so that fragments which fan out a billion times are a number here and not a walk.
Fields that the schema does not have count as well: validation comes after, since some of its rules take far
longer than this for a document that is made to hurt. It runs nothing and knows no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_introspection_type,
    is_list_type,
)
from graphql.validation import OverlappingFieldsCanBeMergedRule, specified_rules
from graphql.validation.validate import ValidationAbortedError

from schema.declare.page_sizes import LARGEST_PAGE, PAGE_SIZE
from schema.errors import DomainError

LARGEST_NUMBER = 10**9
"""Numbers grow no further: what is beyond is refused whatever it is, and a thousand digits help nobody."""

LONGEST_CHAIN = 60
"""Fragments spread within fragments. Those of a front end are some ten deep; Python's stack ends at a thousand."""

GROUPS = 100
"""The groups of a list count as this many items, whatever its page. Most have ten terms or months; only days could be
1,000."""

MOST_COMPARISONS = 30_000
"""Steps of comparing fields that come together under one name, which is each with each: 50 ms, or some hundred places
of one field. A front end's documents take some ten; graphql-core would take 500,000."""

MOST_TERMS = 32
"""Terms of a cost with page sizes that are variables. Beyond, every such list counts as one of the largest page."""

ITEMS = "#"
"""Stands for the size of the page that a selection hangs on; no variable has that name."""

WORD = re.compile(
    r'#[^\n\r]*|"""[^"\\]*(?:(?:\\"""|\\|"(?!""))[^"\\]*)*(?:""")?|"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"?'
    r"|\.\.\.|[\w.+-]+|[^\s,\ufeff]"
)
"""A comment, a word or a sign of a document. None fails half-way, so that reading takes as long as the text is."""


@dataclass(frozen=True)
class Limits:
    """The most that one document may ask for."""

    bytes: int
    tokens: int
    depth: int
    fields: int
    root_fields: int
    aliases: int
    directives: int
    cost: int
    introspection: bool = True

    def check_text(self, text: str) -> None:
        """Raise TooComplex for a document that is too long to be read."""
        check("has {found} bytes", len(text.encode("utf-8", "replace")), self.bytes)
        check("has more words and signs than may be", count_words(text, self.tokens), self.tokens)

    def check(self, found: Measured) -> None:
        """Raise TooComplex for the first limit that is exceeded, and NotValid for what is switched off."""
        if found.introspects and not self.introspection:
            raise NotValid("Introspection is switched off here; `openapi/schema.graphql` is the schema.")
        check("is nested {found} deep", found.depth, self.depth)
        check("asks for {found} fields (fragments written out)", found.fields, self.fields)
        check("begins with {found} fields", found.root_fields, self.root_fields)
        check("has {found} aliases (fragments written out)", found.aliases, self.aliases)
        check("has {found} directives (fragments written out)", found.directives, self.directives)
        if not found.cost.terms:
            self.check_cost(found.cost.fixed)

    def check_cost(self, cost: int) -> None:
        """Raise TooComplex for an answer that could hold too many values."""
        check("costs {found} (as many values as its lists could give)", cost, self.cost, "smaller pages or fewer lists")

    def check_work(self, cost: int) -> None:
        """Raise TooComplex for an answer that takes looking at too much."""
        says = "costs {found} (values of its answer, and rows that its conditions and groups look at)"
        check(says, cost, self.cost, "fewer conditions on lists within lists, fewer groups, or without knownAt")


class TooComplex(DomainError):
    """The document asks for more than is allowed."""

    code = "QUERY_TOO_COMPLEX"


class NotValid(DomainError):
    """The document holds what no document may hold here."""

    code = "GRAPHQL_VALIDATION_FAILED"


def check(says: str, found: int, most: int, advice: str = "less at once") -> None:
    if found > most:
        shown = f"{found:,}" if found < LARGEST_NUMBER else f"{LARGEST_NUMBER:,} or more"
        raise TooComplex(f"The document {says.format(found=shown)}; {most:,} are allowed. Ask for {advice}.")


class Merging(OverlappingFieldsCanBeMergedRule):
    """Checks that fields under one name can be one field, as long as few are compared. Raises TooComplex."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MOST_COMPARISONS

    def enter_selection_set(self, *about: Any) -> None:
        try:
            super().enter_selection_set(*about)
        except ValidationAbortedError:
            if self.rule_context.remaining_complexity_budget >= 0:
                # It is the errors that are too many.
                raise
            raise TooComplex(
                f"The document asks for the same fields in so many places that it takes more than {MOST_COMPARISONS:,} "
                "comparisons to see whether they agree. Ask for each field once."
            ) from None


RULES = tuple(Merging if each is OverlappingFieldsCanBeMergedRule else each for each in specified_rules)
"""The rules of a valid document, in the order of graphql-core."""


def count_words(text: str, most: int) -> int:
    """Count the words and signs of a document, up to one more than `most`."""
    return sum(1 for _ in islice((found for found in WORD.finditer(text) if found[0][0] != "#"), most + 1))


def bound(number: int) -> int:
    return min(number, LARGEST_NUMBER)


# --- a cost --------------------------------------------------------------------------------------

Term = tuple[str, ...]
"""A product of variables, by their names in order."""


@dataclass(frozen=True)
class Cost:
    """The most values that an answer could hold.

    `terms` has a factor for each product of page sizes that are variables: 3 and `{("n",): 40}` is 3 + 40 × `$n`.
    """

    fixed: int = 0
    terms: Mapping[Term, int] = field(default_factory=dict)

    def total(self, variables: Mapping[str, Any]) -> int:
        """Compute the cost for the coerced variables of one request."""
        total = self.fixed
        for names, factor in self.terms.items():
            product = factor
            for name in names:
                product *= size_of(variables.get(name))
            total += product
        return bound(total)

    def plus(self, other: Cost) -> Cost:
        fixed = bound(self.fixed + other.fixed)
        if not other.terms:
            return Cost(fixed, self.terms)
        terms = dict(self.terms)
        for names, factor in other.terms.items():
            terms[names] = bound(terms.get(names, 0) + factor)
        return Cost(fixed, terms) if len(terms) <= MOST_TERMS else ceiling(fixed, terms)

    def times(self, size: int | str) -> Cost:
        """Multiply the cost by a number, or by the value of a variable."""
        if isinstance(size, int):
            return Cost(bound(self.fixed * size), {names: bound(n * size) for names, n in self.terms.items()})
        terms = {tuple(sorted((*names, size))): factor for names, factor in self.terms.items()}
        return Cost(0, {**terms, (size,): self.fixed} if self.fixed else terms)

    def fix_items(self, size: int | str) -> Cost:
        """Multiply what hangs on a page of unknown size by its size, once that is known."""
        total = Cost(self.fixed)
        for names, factor in self.terms.items():
            others = tuple(name for name in names if name != ITEMS)
            each = Cost(0, {others: factor}) if others else Cost(factor)
            total = total.plus(each.times(size) if ITEMS in names else each)
        return total


def ceiling(fixed: int, terms: Mapping[Term, int]) -> Cost:
    """Bound a cost of many terms: its variables count as the largest page."""
    total = Cost(fixed)
    for names, factor in terms.items():
        each = Cost(bound(factor * LARGEST_PAGE ** (len(names) - (ITEMS in names))))
        total = total.plus(each.times(ITEMS) if ITEMS in names else each)
    return total


def size_of(value: Any) -> int:
    """Read the size of a page or list from a variable's value. An impossible one is refused elsewhere."""
    if value is None:
        return PAGE_SIZE
    return max(0, min(len(value) if isinstance(value, list) else value, LARGEST_PAGE))


# --- measuring -----------------------------------------------------------------------------------


@dataclass
class Measured:
    """The extent of a selection, with its fragments written out where they are spread."""

    depth: int = 0
    fields: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    chain: int = 0
    """Measure how deep fragments are spread within fragments."""
    introspects: bool = False
    of_any_type: bool = False
    """Whether a record of any type is asked for, which takes a branch of the statement for each type."""
    cost: Cost = Cost()

    def add(self, other: Measured) -> None:
        self.depth = max(self.depth, other.depth)
        self.fields = bound(self.fields + other.fields)
        self.root_fields = bound(self.root_fields + other.root_fields)
        self.aliases = bound(self.aliases + other.aliases)
        self.directives = bound(self.directives + other.directives)
        self.chain = max(self.chain, other.chain)
        self.introspects = self.introspects or other.introspects
        self.of_any_type = self.of_any_type or other.of_any_type
        self.cost = self.cost.plus(other.cost)


class Measuring:
    """Measures one document in one pass."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.document = document
        self.fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.known: dict[str, Measured] = {}
        self.within: list[str] = []

    def operations(self) -> list[Measured]:
        """Measure each operation. Raises NotValid, and TooComplex where fragments are spread too deep."""
        for name in self.fragments:
            self.fragment(name)
        return [self.operation(each) for each in self.document.definitions if isinstance(each, OperationDefinitionNode)]

    def operation(self, node: OperationDefinitionNode) -> Measured:
        found = self.selection(node.selection_set, self.schema.get_root_type(node.operation))
        found.directives += len(node.directives or ())
        found.directives += sum(len(each.directives or ()) for each in node.variable_definitions or ())
        return found

    def selection(self, node: SelectionSetNode | None, type_: Any) -> Measured:
        total = Measured()
        for each in node.selections if node else ():
            match each:
                case FieldNode():
                    total.add(self.field(each, type_))
                case InlineFragmentNode():
                    total.add(self.selection(each.selection_set, self.condition_type(each.type_condition) or type_))
                case FragmentSpreadNode():
                    total.add(self.fragment(each.name.value))
            total.directives += len(each.directives or ())
        return total

    def field(self, node: FieldNode, type_: Any) -> Measured:
        declared = (getattr(type_, "fields", None) or {}).get(node.name.value)
        about = get_named_type(declared.type) if declared else None
        found = self.selection(node.selection_set, about) if node.selection_set else Measured()
        found.depth += 1
        found.fields += 1
        found.root_fields = 1
        found.aliases += node.alias is not None
        found.introspects = found.introspects or node.name.value in ("__schema", "__type")
        found.of_any_type = found.of_any_type or is_abstract_type(about)
        below = found.cost
        if declared is not None and node.selection_set:
            below = below.fix_items(page_size(node)) if is_page(about) else below.times(length(node, declared, type_))
        found.cost = Cost(1).plus(below)
        return found

    def fragment(self, name: str) -> Measured:
        """Measure a fragment, once. One that is not there is left to validation."""
        if name in self.within:
            way = " in ".join(repr(each) for each in [*self.within[self.within.index(name) :], name][::-1])
            raise NotValid(f"Cannot spread fragment {name!r} within itself: {way}.")
        if name not in self.known and (node := self.fragments.get(name)):
            self.within.append(name)
            check("spreads fragments within fragments, {found} deep", len(self.within), LONGEST_CHAIN)
            found = self.known[name] = self.selection(node.selection_set, self.condition_type(node.type_condition))
            self.within.pop()
            found.directives += len(node.directives or ())
            found.chain += 1
            check("spreads fragments within fragments, {found} deep", found.chain, LONGEST_CHAIN)
        return self.known.get(name, Measured())

    def condition_type(self, condition: Any) -> Any:
        return self.schema.type_map.get(condition.name.value) if condition else None


def is_page(type_: Any) -> bool:
    return "pageInfo" in (getattr(type_, "fields", None) or ())


def page_size(node: FieldNode) -> int | str:
    """Read how many items a page has: a number, or the variable that says it."""
    given = [
        argument.value
        for argument in node.arguments or ()
        if argument.name.value in ("first", "last") and not isinstance(argument.value, NullValueNode)
    ]
    if len(given) > 1:
        # One of them may be a variable that is null.
        return LARGEST_PAGE
    return value_size(given[0]) if given else PAGE_SIZE


def value_size(value: Any) -> int | str:
    match value:
        case VariableNode():
            return value.name.value
        case ListValueNode():
            return min(len(value.values), LARGEST_PAGE)
        case IntValueNode() if len(value.value) < len(str(LARGEST_PAGE)):
            return max(0, int(value.value))
    return LARGEST_PAGE


def length(node: FieldNode, declared: Any, type_: Any) -> int | str:
    """Read how many items a field gives: 1 if it is no list."""
    if not is_list_type(get_nullable_type(declared.type)) or is_introspection_type(type_):
        return 1
    if is_page(type_):
        return GROUPS if node.name.value == "groups" else ITEMS
    for argument in node.arguments or ():
        if argument.name.value == "ids":
            return value_size(argument.value)
    # Short lists, such as who is mentioned. They may have up to 100 items, and seldom have more than three.
    return PAGE_SIZE
