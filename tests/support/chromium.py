"""A real browser without a window, driven over a pipe by Chrome's own protocol, so that nothing else is needed."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=1400,900", "--remote-debugging-pipe",
)  # fmt: skip

BECOME = """
import os, sys
commands, answers, program, *flags, profile = sys.argv[1:]
os.dup2(int(commands), 3)
os.dup2(int(answers), 4)
os.execv(program, [program, *flags, f"--user-data-dir={profile}"])
"""
"""What turns into the browser, with the two pipes where it looks for them."""


def installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Page:
    """One tab. `events` is all that the browser told of it."""

    commands: IO[bytes]
    answers: IO[bytes]
    session: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    events: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and wait for what it gives back."""
        number = next(self.numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.commands.write(json.dumps(message).encode() + b"\0")
        self.commands.flush()
        while (answer := self.hear()).get("id") != number:
            self.events.append(answer)
        assert "error" not in answer, answer
        result = answer["result"]
        assert isinstance(result, dict)
        return result

    def hear(self) -> dict[str, Any]:
        message = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            assert byte, "the browser ended"
            message += byte
        heard = json.loads(message)
        assert isinstance(heard, dict)
        return heard

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, script: str, seconds: float = 20) -> Any:
        """Wait until an expression is true, and give its value."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(f"Boolean({script})")):
            assert time.monotonic() < end, f"{script} did not come true; the page says: {self.text()}"
            time.sleep(0.05)
        return value

    def open(self, url: str) -> None:
        self.events.clear()
        self.tell("Page.navigate", url=url)
        self.until("document.readyState == 'complete'")

    def text(self) -> str:
        return str(self.evaluate("document.body.innerText"))

    def heard(self, method: str) -> list[dict[str, Any]]:
        """What an event of this kind brought, each time."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def requested(self) -> set[str]:
        """The addresses of all that left the browser: what the page's own policy stopped did not."""
        stopped = {
            each["requestId"] for each in self.heard("Network.loadingFailed") if each.get("blockedReason") == "csp"
        }
        sent = (each for each in self.heard("Network.requestWillBeSent") if each["requestId"] not in stopped)
        return {each["request"]["url"] for each in sent}

    def stopped(self) -> list[str]:
        """What the page's own policy stopped."""
        entries = [each["entry"] for each in self.heard("Log.entryAdded")]
        return [entry["text"] for entry in entries if entry["source"] == "security"]

    def complaints(self) -> list[Any]:
        """Uncaught exceptions, and errors on the console other than of what the page's own policy stopped."""
        entries = [each["entry"] for each in self.heard("Log.entryAdded")]
        return [
            *self.heard("Runtime.exceptionThrown"),
            *(entry for entry in entries if entry["level"] == "error" and entry["source"] != "security"),
        ]

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.tell("Page.captureScreenshot")["data"]))


@contextmanager
def browsing() -> Iterator[Page]:
    """A browser with one empty tab."""
    program = installed()
    assert program, f"no browser is installed: none of {', '.join(NAMES)} is on the path"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, running(program, profile) as page:
        target = page.tell("Target.createTarget", url="about:blank")["targetId"]
        page.session = page.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            page.tell(f"{domain}.enable")
        yield page


@contextmanager
def running(program: str, profile: str) -> Iterator[Page]:
    """The browser's process: it reads commands from descriptor 3 and writes to 4."""
    commands_read, commands_write = os.pipe()
    answers_read, answers_write = os.pipe()
    with os.fdopen(commands_write, "wb") as commands, os.fdopen(answers_read, "rb") as answers:
        process = subprocess.Popen(
            [sys.executable, "-c", BECOME, str(commands_read), str(answers_write), program, *FLAGS, profile],
            pass_fds=(commands_read, answers_write),
            stderr=subprocess.DEVNULL,
        )
        os.close(commands_read)
        os.close(answers_write)
        try:
            yield Page(commands, answers)
        finally:
            process.terminate()
            process.wait(timeout=30)
