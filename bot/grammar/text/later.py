"""Patterns that are compiled when they are first asked for something.

Compiling all of them takes a fifth of a server's start. A server does it when it is already there for people, and a
command line that reads no words never does.
"""

import re
from typing import Any, cast

#: Those not compiled yet.
_WAITING: dict[int, "_Later"] = {}


class _Later:
    """A pattern to be. Whatever is asked of it is asked of the compiled one, and from then on found without asking."""

    def __init__(self, words: str, flags: int) -> None:
        self._words = words
        self._flags = flags
        _WAITING[id(self)] = self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            # Whoever copies or keeps objects looks for what a pattern has not either.
            raise AttributeError(name)
        compiled = self.compile()
        found = self.__dict__[name] = getattr(compiled, name)
        return found

    def compile(self) -> re.Pattern[str]:
        """The pattern; Python keeps it for the next who asks."""
        _WAITING.pop(id(self), None)
        compiled = self.__dict__.get("_compiled")
        if compiled is None:
            compiled = self.__dict__["_compiled"] = re.compile(self._words, self._flags)
        return cast("re.Pattern[str]", compiled)


def later(words: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is compiled when it is first used, or by `compile_all`.

    It does all that a pattern does but be handed to functions of `re`, which want a real one.
    """
    return cast("re.Pattern[str]", _Later(words, flags))


def compile_all() -> None:
    """Compile what waits, so that nobody's first message has to."""
    for waiting in list(_WAITING.values()):
        waiting.compile()
