"""The GraphQL schema breaks no client unsaid: what breaks one stands in the CHANGELOG, in the words of this check.

Compared is the working copy with the last commit; where both are the same, as in CI, the last change of the schema with
what was before it, however many commits ago that is. Besides, the working copy with the last release, if there is one.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import graphql
import pytest

ROOT = Path(__file__).parents[2]
SCHEMA = "openapi/schema.graphql"
SAID = "Breaking:"
RELEASES = "v[0-9]*"


class NothingToCompareError(Exception):
    """This is no git checkout, or one without the history that is needed."""


def git(root: Path, *arguments: str) -> str:
    environment = {name: each for name, each in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NothingToCompareError(str(error)) from error


def before(root: Path) -> list[str]:
    """The schema as it was before its last change, and as it was released last. Raises NothingToCompareError."""
    committed = git(root, "show", f"HEAD:{SCHEMA}")
    if committed != (root / SCHEMA).read_text():
        found = [committed]
    else:
        changed = git(root, "log", "-1", "--format=%H", "--", SCHEMA).strip()
        found = [git(root, "show", f"{changed}^:{SCHEMA}")]
    tags = git(root, "tag", "--list", RELEASES, "--merged", "HEAD", "--sort=-version:refname").split()
    return found + [git(root, "show", f"{tag}:{SCHEMA}") for tag in tags[:1]]


def unsaid(root: Path) -> list[str]:
    """What breaks clients, and is not in the CHANGELOG."""
    now = graphql.build_schema((root / SCHEMA).read_text())
    found = [
        change.description.rstrip(".")
        for old in before(root)
        for change in graphql.find_breaking_changes(graphql.build_schema(old), now)
    ]
    said = " ".join((root / "CHANGELOG.md").read_text().split())
    return sorted({each for each in found if f"{SAID} {each}." not in said})


def test_what_breaks_clients_is_said() -> None:
    try:
        found = unsaid(ROOT)
    except NothingToCompareError as error:
        pytest.skip(f"no earlier schema to compare with: {error}")
    lines = "\n".join(f"- {SAID} {each}." for each in found)
    assert found == [], f"say it in CHANGELOG.md, or take it back:\n{lines}"


# --- the check itself ----------------------------------------------------------------------------

OLD = "type Query { a(x: Int, y: Int): Int b: Int }"
NEW = "type Query { a(x: Int): Int c: Int }"
BROKEN = ["Argument Query.a(y:) was removed", "Field Query.b was removed"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "Somebody")
    git(tmp_path, "config", "user.email", "somebody@example.org")
    (tmp_path / "openapi").mkdir()
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n")
    commit(tmp_path, OLD)
    return tmp_path


def commit(root: Path, schema: str) -> None:
    (root / SCHEMA).write_text(schema)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "change")


def test_a_change_that_is_not_committed_is_compared_with_the_last_commit(repository: Path) -> None:
    (repository / SCHEMA).write_text(NEW)
    assert unsaid(repository) == BROKEN


def test_a_committed_change_is_compared_with_what_was_before_it(repository: Path) -> None:
    commit(repository, NEW)
    commit(repository, NEW)
    assert unsaid(repository) == BROKEN


def test_what_only_adds_breaks_nothing(repository: Path) -> None:
    (repository / SCHEMA).write_text(OLD.replace("b: Int", "b: Int! d: Int"))
    assert unsaid(repository) == []


def test_what_was_said_may_break(repository: Path) -> None:
    commit(repository, NEW)
    (repository / "CHANGELOG.md").write_text(f"- Breaking: {BROKEN[0]}.\n- Breaking: Field Query.b\n  was removed.\n")
    assert unsaid(repository) == []


def test_all_since_the_last_release_is_compared(repository: Path) -> None:
    git(repository, "tag", "v1.2.0")
    commit(repository, NEW)
    commit(repository, NEW.replace("c: Int", "c: Int d: Int"))
    assert unsaid(repository) == BROKEN


def test_without_a_history_there_is_nothing_to_compare(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(NothingToCompareError):
        unsaid(repository)
    elsewhere = tmp_path_factory.mktemp("unpacked")
    (elsewhere / "openapi").mkdir()
    (elsewhere / SCHEMA).write_text(NEW)
    with pytest.raises(NothingToCompareError):
        unsaid(elsewhere)
