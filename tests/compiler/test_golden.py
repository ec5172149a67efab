"""Golden triples: a query, the SQL that it becomes, and the answer of the first dossier.

Each `golden/<name>.graphql` stands beside `<name>.sql` and `<name>.json`. After a change that is meant,
`REWRITE_GOLDEN=1 pytest tests/compiler/test_golden.py` writes them anew; read the difference before committing it.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schema.compiler.plan.plan import Plan
from tests.support.world import Desk, desk_at, reader

FOLDER = Path(__file__).parents[1] / "golden"
QUERIES = sorted(FOLDER.glob("*.graphql"))
REWRITES = bool(os.environ.get("REWRITE_GOLDEN"))

CLAUSES = re.compile(
    r"(?<!left)(?<!cross) (?=(?:from|left join|cross join|join|where|order by|limit|union all|group by) )"
)


@pytest.fixture
async def desk(dossier_url: str) -> AsyncIterator[Desk]:
    async with desk_at(dossier_url) as desk:
        yield desk


def laid_out(plan: Plan) -> str:
    """The statement with a clause a line, and what its parameters are."""
    assert plan.sql is not None
    text = CLAUSES.sub("\n", " ".join(plan.sql.split()))
    binds = [f"-- ${index}: {bind.given.where or 'the clock'}" for index, bind in enumerate(plan.binds, start=1)]
    return "\n".join([text, *binds]) + "\n"


def hold(path: Path, found: str) -> None:
    """Compare with a golden file, or write it."""
    if REWRITES:
        path.write_text(found)
        return
    wanted = path.read_text() if path.exists() else ""
    lines = difflib.unified_diff(wanted.splitlines(), found.splitlines(), path.name, "now", lineterm="")
    assert found == wanted, "\n".join([*lines, f"If this is meant: REWRITE_GOLDEN=1 pytest {Path(__file__).name}"])


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_the_statement_is_the_golden_one(query: Path) -> None:
    plan = reader().prepare(query.read_text(), None, {}).plan
    hold(query.with_suffix(".sql"), laid_out(plan))


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
async def test_the_answer_is_the_golden_one(desk: Desk, query: Path) -> None:
    found = await desk.ask(query.read_text())  # noqa: ASYNC240 - Nothing else runs in this loop.
    hold(query.with_suffix(".json"), json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def test_every_golden_file_belongs_to_a_query() -> None:
    triples = {query.with_suffix(suffix) for query in QUERIES for suffix in (".graphql", ".sql", ".json")}
    assert set(FOLDER.iterdir()) == triples
