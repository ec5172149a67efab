"""The walk through curating is taken step by step, as the page describes it, and gives the answers that it shows.

`REWRITE_GOLDEN=1 pytest tests/commands/test_curating.py --postgres 18` writes the answers anew; read the difference
before
committing it.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.serving import serving

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "curating.md"
PARLEY = Path(sys.executable).with_name("parley")

BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ASSIGNMENT = re.compile(r"(\w+)=\$\((.+)\)")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00")
SEQ = re.compile(r'"seq": \d+')

ITEMS_SHOWN = 1
"""Of a list as long as a dossier the page shows this many."""


WIDTH = 100
"""Characters of a line of JSON on the page."""


@dataclass
class Walk:
    """Who walks with which key, and what each id and moment that the page shows is here."""

    server: httpx.Client
    database_url: str
    keys: dict[str, str] = field(default_factory=dict)
    here: dict[str, str] = field(default_factory=dict)

    def go(self, kind: str, text: str) -> Any:
        """Take one step; gives the answer, None where there is none to show."""
        match kind.split():
            case ["sh"] if text.startswith("curl"):
                return self.curl(shlex.split(text))
            case ["sh"]:
                return self.make_keys(text)
            case ["graphql", *who]:
                return self.ask(text, *who)
        raise AssertionError(f"the page has a step of a kind that nobody can take: {kind}")

    def make_keys(self, text: str) -> None:
        for line in text.splitlines():
            match = ASSIGNMENT.fullmatch(line)
            assert match, f"no key is made by: {line}"
            _, *arguments = shlex.split(match[2])
            run = subprocess.run(
                [PARLEY, *arguments],
                env={**os.environ, "DATABASE_URL": self.database_url},
                capture_output=True,
                text=True,
                check=True,
                timeout=30,
            )
            self.keys[match[1].title()] = run.stdout.strip()

    def curl(self, arguments: list[str]) -> Any:
        headers, url, body = {}, httpx.URL(arguments[-1]), b""
        for flag, value in itertools.pairwise(arguments):
            if flag == "-H":
                name, _, content = value.partition(": ")
                headers[name] = re.sub(r"\$(\w+)", lambda match: self.keys[match[1].title()], content)
            elif flag == "--data-binary":
                body = (ROOT / value[1:]).read_bytes() if value.startswith("@") else value.encode()
        return self.server.post(url.raw_path.decode(), headers=headers, content=body).json()

    def ask(self, text: str, who: str | None = None) -> Any:
        for shown, real in self.here.items():
            text = text.replace(shown, real)
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who else {}
        answer = self.server.post("/graphql", json={"query": text}, headers=headers).json()
        # The page leaves out what an answer cost.
        answer.pop("extensions", None)
        return answer

    def as_shown(self, shown: str, answer: str) -> str:
        """A new answer for the page, with the ids and moments that its later steps speak of."""
        if all(len(each.findall(shown)) == len(each.findall(answer)) for each in (ID, MOMENT)):
            self.learn(shown, answer)
        for old, new in self.here.items():
            answer = answer.replace(new, old)
        return answer

    def learn(self, shown: str, answer: str) -> None:
        """What the page shows of ids and moments, as it is here."""
        for pattern in (ID, MOMENT):
            self.here.update(zip(pattern.findall(shown), pattern.findall(answer), strict=True))


def steps(page: str) -> Iterator[tuple[str, str, str | None]]:
    """Each step of the page, with the answer that it shows."""
    blocks = BLOCK.findall(page)
    for place, (kind, text) in enumerate(blocks):
        if kind != "json":
            following = blocks[place + 1] if place + 1 < len(blocks) else ("", "")
            yield kind, text, following[1] if following[0] == "json" else None


def test_the_walk_gives_the_answers_shown(database_url: str) -> None:
    page = PAGE.read_text()
    walked = 0
    with serving(database_url) as server:
        walk = Walk(server, database_url)
        for kind, text, shown in steps(page):
            answer = walk.go(kind, text)
            if shown is None:
                continue
            told = laid_out(shortened(answer)) + "\n"
            if os.environ.get("REWRITE_GOLDEN"):
                told = walk.as_shown(shown, told)
                page = page.replace(f"{text}```\n\n```json\n{shown}", f"{text}```\n\n```json\n{told}", 1)
                continue
            walk.learn(shown, told)
            assert masked(told) == masked(shown), f"after:\n{text}"
            walked += 1
    if os.environ.get("REWRITE_GOLDEN"):
        PAGE.write_text(page)
    else:
        assert walked >= 15


def shortened(answer: Any) -> Any:
    """An answer as the page shows it: of a long report its beginning."""
    if isinstance(answer, dict):
        return {
            name: each[:ITEMS_SHOWN] if name == "report" and isinstance(each, list) else shortened(each)
            for name, each in answer.items()
        }
    return answer


def laid_out(value: Any, margin: str = "") -> str:
    """JSON for reading: what fits into a line stands in one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(margin) + len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    inner = margin + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {laid_out(each, inner)}" for name, each in value.items()]
        return "{\n" + inner + f",\n{inner}".join(parts) + f"\n{margin}}}"
    return "[\n" + inner + f",\n{inner}".join(laid_out(each, inner) for each in value) + f"\n{margin}]"


def masked(text: str) -> str:
    """An answer without what is another each time."""
    return SEQ.sub('"seq": …', MOMENT.sub("…", ID.sub("…", text)))
