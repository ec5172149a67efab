"""Every command, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schema.command import Command
from schema.key_commands import key_commands
from schema.proposal_commands import proposal_commands
from schema.record_commands import record_commands


@cache
def commands() -> Mapping[str, Command]:
    """All that a caller can have done."""
    return {command.name: command for command in (*record_commands(), *proposal_commands(), *key_commands())}
