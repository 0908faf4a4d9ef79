"""The command line within a test, as its fixture `cocm` gives it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Done:
    """What a command printed."""

    stdout: bytes
    stderr: bytes


class Run(Protocol):
    """Runs `cocm` with some words."""

    def __call__(self, *words: str, code: int = 0) -> Done: ...
