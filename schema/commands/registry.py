"""Every command, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schema.commands.api_keys import key_commands
from schema.commands.command import Command
from schema.commands.proposals import proposal_commands
from schema.commands.records import record_commands


@cache
def commands() -> Mapping[str, Command]:
    """All that a caller can have done."""
    return {command.name: command for command in (*record_commands(), *proposal_commands(), *key_commands())}
