"""The exit statuses of `gcsmttr`, which scripts rely on. Owns their numbers and meanings."""

from enum import IntEnum
from typing import Self


class ExitStatus(IntEnum):
    """One number for each way in which a command can end."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Self:
        """Return a member with its meaning."""
        status = int.__new__(cls, number)
        status._value_ = number
        status.meaning = meaning
        return status

    OK = 0, "The command did its task, and nothing is wrong."
    FOUND = 1, "The command found something to act on. Its help describes it."
    USAGE = 2, "The command line is wrong."
    NO_STACK = 3, "The stack does not exist, or it is not a stack of GCSMTTR."
    BUSY = 4, "Some rows changed all the time. Run the command again."
    FAILED = 5, "AWS or GitHub failed, or a step did not succeed. The message states the reason."
    DEFECT = 70, "The command itself has a defect. Report the traceback."
    INTERRUPTED = 130, "Ctrl-C ended the command."
