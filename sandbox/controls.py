"""Controls of whoever runs the sandbox: buttons above the chat, each carried out by a function of theirs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a control did."""

    words: str  #: for the person who pressed it
    place: str = ""  #: where to look: a conversation's id, `app` for the messages with the app, or stay here


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A button that is no part of Slack."""

    name: str  #: stable, for the page
    label: str
    #: what it does, given the id of the person on the page
    run: Callable[[str], Awaitable[Done]]
    hint: str = ""
    #: what is asked before it is done; empty where nothing is lost by it
    ask: str = ""
