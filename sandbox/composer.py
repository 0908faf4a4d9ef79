"""Turns typed words into what Slack sends: escapes, links, mentions, and rich text."""

import re
from collections.abc import Iterable

from sandbox.config import User
from sandbox.model import JSON, Channel

_TOKENS = r"""
    (?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\]'"”’])
  | (?P<mail>[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})
  | (?P<host>(?<![\w@.-])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|edu|gov|io|us|health)(?![\w-])(?:/[^\s<>]*)?)
  | (?P<phone>(?<![\w.-])(?:\+1[ .-]?)?(?:\(\d{3}\)[ ]?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-]))
  | (?P<picked><(?:@(?:IDS)|\#(?:PLACES)(?:\|[^<>|]*)?)>)
  | (?P<broadcast>(?<!\w)@(?:here|channel|everyone)(?!\w))
  | (?P<user>(?<!\w)@(?:USERS)(?![\w]))
  | (?P<channel>(?<!\w)\#(?:CHANNELS)(?![\w-]))
"""
_NOTHING = r"(?!)"


class Composer:
    """Slack's message box, for one workspace's names.

    `@ana` and `#billing` become mentions; so do `<@U0ANA>` and `<#C0BILLING>`, which stand for one that was picked
    from the list of suggestions. An id that nobody has is text like any other.
    """

    def __init__(self, users: Iterable[User], channels: Iterable[Channel]) -> None:
        self._users: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for user in users:
            self._names[user.id] = user.name
            for name in (user.real_name, user.display_name, user.name):
                if name:
                    self._users[name.casefold()] = user.id
        self._channels = {channel.name.casefold(): channel.id for channel in channels if channel.name}
        self._places = {channel_id: name for name, channel_id in self._channels.items()}
        names = {
            "USERS": self._users,
            "CHANNELS": self._channels,
            "IDS": self._names,
            "PLACES": self._places,
        }
        tokens = re.sub("|".join(names), lambda found: _any_of(names[found[0]]), _TOKENS)
        self._tokens = re.compile(tokens, re.VERBOSE | re.IGNORECASE)

    def message(self, typed: str) -> tuple[str, list[JSON]]:
        """A message's `text`, escaped and linked, and its `rich_text` blocks."""
        text: list[str] = []
        elements: list[JSON] = []
        for plain, kind, token in self._split(typed):
            if plain:
                text.append(escape(plain))
                elements.append({"type": "text", "text": plain})
            if kind:
                linked, element = self._entity(kind, token)
                text.append(linked)
                elements.append(element)
        section = {"type": "rich_text_section", "elements": elements}
        return "".join(text), [{"type": "rich_text", "elements": [section]}]

    def command(self, typed: str) -> str:
        """A slash command's `text` where the app asked for escaping: mentions carry id and name."""
        parts: list[str] = []
        for plain, kind, token in self._split(typed):
            parts.append(escape(plain))
            linked, element = self._entity(kind, token) if kind else ("", {})
            if element.get("type") == "user":
                user_id = element["user_id"]
                linked = f"<@{user_id}|{self._names[user_id]}>"
            parts.append(linked)
        return "".join(parts)

    def _split(self, typed: str) -> Iterable[tuple[str, str, str]]:
        """Pieces of (plain text, kind of the entity after it, that entity as typed)."""
        end = 0
        for match in self._tokens.finditer(typed):
            yield typed[end : match.start()], str(match.lastgroup), match[0]
            end = match.end()
        if end < len(typed):
            yield typed[end:], "", ""

    def _entity(self, kind: str, token: str) -> tuple[str, JSON]:
        key = token[1:].casefold()
        picked = token.strip("<>").partition("|")[0][1:].upper() if kind == "picked" else ""
        if kind == "user" or picked in self._names:
            user_id = picked or self._users[key]
            return f"<@{user_id}>", {"type": "user", "user_id": user_id}
        if kind == "channel" or picked:
            channel_id = picked or self._channels[key]
            return f"<#{channel_id}|{self._places[channel_id]}>", {
                "type": "channel",
                "channel_id": channel_id,
            }
        if kind == "broadcast":
            return f"<!{key}>", {"type": "broadcast", "range": key}
        if kind == "url":
            return f"<{escape(token)}>", {"type": "link", "url": token}
        prefix = {"mail": "mailto:", "phone": "tel:", "host": "http://"}[kind]
        target = prefix + (re.sub(r"[^\d+]", "", token) if kind == "phone" else token)
        return f"<{escape(target)}|{escape(token)}>", {"type": "link", "url": target, "text": token}


def escape(text: str) -> str:
    """Slack's three escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or _NOTHING
