"""The classes of uvicorn that ours extend are not public: a new version must be read before it is taken."""

from __future__ import annotations

import hashlib
import inspect
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http import flow_control, httptools_impl
from uvicorn.server import ServerState

from api.http.connection import Connection
from api.http.response_writer import ResponseWriter
from api.http.server import Server

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

READ: list[tuple[Any, str, str]] = [
    (httptools_impl.HttpToolsProtocol, "connection.py", "18fdf324b11bf160"),
    (httptools_impl.RequestResponseCycle, "response_writer.py, connection.py", "e67d470d435dcc1c"),
    (httptools_impl._get_status_line, "response_writer.py, connection.py", "d7012e110d2d2574"),  # noqa: SLF001
    (flow_control.FlowControl, "response_writer.py, connection.py", "126debcdaa894c83"),
    (uvicorn.Server.startup, "server.py", "2aa1d70a244bfcf2"),
    (uvicorn.Server.main_loop, "server.py", "afccb353a119333f"),
    (uvicorn.Server.on_tick, "server.py", "60ea49b06ccf68c1"),
    (ServerState, "server.py, connection.py", "f2260fbf10154746"),
]
"""What our files in `api/http` rely on, which of them do, and the digest of its source when it was last read."""

OVERRIDDEN: list[tuple[type, type, set[str]]] = [
    (
        Connection,
        httptools_impl.HttpToolsProtocol,
        {
            *("__init__", "connection_made", "connection_lost", "data_received", "eof_received", "shutdown"),
            *("on_message_begin", "on_headers_complete", "on_body", "on_message_complete", "on_response_complete"),
        },
    ),
    (ResponseWriter, httptools_impl.RequestResponseCycle, {"__init__", "send", "send_500_response"}),
    (Server, uvicorn.Server, {"__init__", "on_tick", "startup"}),
]
"""Our classes, the classes that they extend, and the methods that they replace on purpose."""


def test_it_is_the_version_that_was_read() -> None:
    (pinned,) = re.findall(r'^    "uvicorn==([0-9.]+)",$', PYPROJECT.read_text(), re.MULTILINE)
    assert version("uvicorn") == pinned


@pytest.mark.parametrize(("theirs", "ours", "read"), READ, ids=[each.__qualname__ for each, *_ in READ])
def test_what_ours_extends_is_what_was_read(theirs: Any, ours: str, read: str) -> None:
    found = hashlib.sha256(inspect.getsource(theirs).encode()).hexdigest()[:16]
    assert found == read, (
        f"uvicorn {version('uvicorn')} changed {theirs.__module__}.{theirs.__qualname__}. "
        f"Compare its source with the last version's, read {ours} in api/http beside it, then write {found!r} here."
    )


@pytest.mark.parametrize(("ours", "theirs", "names"), OVERRIDDEN, ids=[each.__name__ for each, *_ in OVERRIDDEN])
def test_ours_replaces_only_what_it_means_to(ours: type, theirs: type, names: set[str]) -> None:
    methods = {name for name, value in vars(ours).items() if inspect.isfunction(value)}
    assert {name for name in methods if hasattr(theirs, name)} == names
    # Nor does it set an attribute of an object for something else than uvicorn does.
    assert attributes(ours) & attributes(theirs) == set()


def attributes(cls: Any) -> set[str]:
    return {*re.findall(r"self\.(\w+)(?:: [^=\n]+)? = ", inspect.getsource(cls.__init__))}
