"""Finds the members whom words of a file may name; never guesses between two."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from billing.people import Member
from services.people.names import PersonName, email_name, may_be_one, read_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom words name: a member, or those who may have been meant."""

    member: Member | None = None
    #: More than one goes by these words.
    several: tuple[Member, ...] = ()
    #: Nobody goes by them, and these members' names are much like them.
    near: tuple[Member, ...] = ()


class Namesakes:
    """Members as files name them: by Slack id, e-mail, name in either order, or one name where one member has it."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._members: list[Member] = []
        self._by_id: dict[str, Member] = {}
        self._by_email: dict[str, Member] = {}
        self._by_name: dict[str, list[Member]] = defaultdict(list)
        self._by_one_name: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            self.add(member)

    def add(self, member: Member) -> None:
        """Take in one more member."""
        self._members.append(member)
        if member.slack_user_id:
            self._by_id[member.slack_user_id.casefold()] = member
        if member.email:
            self._by_email[member.email] = member
        name = read_name(member.display_name)
        for key in {name.key, _plain(member.display_name)} - {""}:
            self._by_name[key].append(member)
        for word in {name.words[0], name.words[-1]} if name.words else ():
            self._by_one_name[word].append(member)

    def named(self, words: str) -> Named:
        """Whom some words name."""
        name = read_name(words)
        sure = self._by_id.get((name.slack_user_id or words.strip().removeprefix("@")).casefold())
        sure = sure or self._by_email.get(name.email)
        if sure is not None:
            return Named(member=sure)
        # `get`, for a look-up must not leave a key behind.
        for found in (self._by_name.get(_plain(words)), self._by_name.get(name.key)):
            if found:
                return _of(found)
        if len(name.words) == 1 and (found := self._by_one_name.get(name.words[0])):
            return _of(found)
        return Named(near=self._near(name))

    def of_name(self, words: str) -> tuple[Member, ...]:
        """Members of that very name, whatever its case, accents, order and degrees."""
        name = read_name(words)
        return tuple(self._by_name.get(name.key, ())) if name.words else ()

    def like(self, words: str) -> tuple[Member, ...]:
        """Members whose name is another one, and much like that."""
        return self._near(read_name(words))

    def _near(self, name: PersonName) -> tuple[Member, ...]:
        spoken = name if name.words else email_name(name.email)
        if not spoken.words:
            return ()
        return tuple(one for one in self._members if _may_be(spoken, one))


def _may_be(spoken: PersonName, member: Member) -> bool:
    """Whether a name that is not a member's own may be theirs all the same; one read from an address often is."""
    own = read_name(member.display_name)
    if spoken.words == own.words or may_be_one(spoken, own):
        return True
    return bool(member.email) and spoken.words == email_name(member.email or "").words


def _of(found: list[Member]) -> Named:
    """The one of some namesakes who is meant: whoever has left makes nobody else's name a doubtful one."""
    standing = [member for member in found if member.active] or found
    return Named(member=standing[0]) if len(standing) == 1 else Named(several=tuple(standing))


def _plain(words: str) -> str:
    return " ".join(words.strip().removeprefix("@").split()).casefold()
