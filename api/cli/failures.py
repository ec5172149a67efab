"""The failure of a command, a message of one line or a few, and the exit codes."""

from __future__ import annotations

# The exit codes, on which scripts may rely.
INVALID = 1
USAGE = 2
DATABASE = 3
ADDRESS = 4

EXIT_CODES = (
    "Exit codes: 0 done; 1 the input is invalid, or the published contract differs; "
    "2 a wrong option or setting; 3 the database cannot be reached or is not migrated; "
    "4 the address to listen on cannot be had; 130 interrupted."
)


class CommandError(Exception):
    """Ends the command with one line, or a few, on standard error."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code
