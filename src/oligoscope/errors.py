"""What can go wrong, drawn as a tree; each kind ends the command with its own exit status.

```
OligoscopeError
├── UsageError          2  the command was called wrongly (also: output folder in use)
├── SystemRefusal       2  the computer refused (a full disk, a permission, a limit, too little memory)
├── StudyFileError      3  study.yaml must be corrected
├── DataError           3  the data must be corrected
│   └── NotEnoughData      an estimate cannot be had from so few patients or events
├── Cancelled         130  the user stopped the work (143, 129: another program or the system did)
└── Defect              1  anything else that escapes: a defect of ours
```
"""

from __future__ import annotations


class OligoscopeError(Exception):
    """An error whose message is written for the user: what, where, how many, what to do.

    Attributes:
        zh: The message in Chinese; blank where it is in one language, the user's, already.
    """

    exit_code = 1

    def __init__(self, message: str, *, zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh

    def in_language(self, *, chinese: bool) -> str:
        """The message in the language of the command."""
        return self.zh if chinese and self.zh else str(self)


class UsageError(OligoscopeError):
    """The command or the call was wrong; nothing was read or written."""

    exit_code = 2


class SystemRefusal(OligoscopeError):
    """The computer refused what the work needs; earlier results are as they were."""

    exit_code = 2


class StudyFileError(OligoscopeError):
    """study.yaml cannot be used as it is; the message names every problem with its line."""

    exit_code = 3


class DataError(OligoscopeError):
    """The data cannot be used as they are; the message names every problem with its place."""

    exit_code = 3


class NotEnoughData(DataError):
    """A statistic does not exist for these data (no event, one group only, …).

    Attributes:
        warning: The reason as results.csv holds it, where the caller can go on without the number.
    """

    def __init__(self, message: str, warning: str = "") -> None:
        super().__init__(message)
        self.warning = warning


class Cancelled(OligoscopeError):
    """The user stopped the work; nothing was left half-written."""

    exit_code = 130


class Defect(OligoscopeError):
    """An error of the program itself; the message says what to report, and holds nothing of the data."""

    exit_code = 1
