"""Reads people's names as files write them, and tells whether two may be one person's."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from storage.spelling import is_one_typo_apart

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", re.IGNORECASE)
_EMAIL = re.compile(r"(?:mailto:)?([^\s<>@,;:\"'()]+@[^\s<>@,;:\"'()]+\.[^\s<>@,;:\"'().]+)", re.IGNORECASE)
#: Names in capitals have no digit.
_SLACK_ID = re.compile(r"[UW](?=[A-Z]*\d)[A-Z0-9]{2,}")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>")
_APOSTROPHES = re.compile(r"['\u2019\u02bc`\u00b4.]")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
#: What is told apart by a number is no typo.
_DIGITS = re.compile(r"\d+")
_TITLES = frozenset({"dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "prof"})
#: Degrees and licenses of those who work in Collaborative Care, without dots and dashes.
_CREDENTIALS = frozenset(
    """
    acnp acsw agnp amft aprn aprnbc arnp ba bcba bcd bs bsn bsw cadc cap cas ccm chw clc cma cmhc cna cns cnsbc cnp cpc
    crc crnp csac csw dnp do edd fnp fnpbc lac ladc lbsw lcadc lcas lcdc lcmhc lcpc lcsw lcswa lcswc lcswr lgsw licsw
    lisw liswcp lisws llp llpc lmft lmhc lmsw lp lpc lpcc lpcmh lpn lsw lvn ma mba md med mft mha mph ms msn msw mswac
    ncc np npc pa pac pharmd phd pmhnp pmhnpbc psyd rn rnbc rnc
    """.casefold().split()
)
#: Shorter names are one typo apart too easily.
_LONG_ENOUGH = 5
#: Credentials this short are names too, so only capitals among small letters tell.
_TOLD_BY_LENGTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """How a file names a person."""

    #: Words of the name in the order first, last; casefolded, without accents, titles and degrees.
    words: tuple[str, ...] = ()
    #: In lower case; empty where none is given.
    email: str = ""
    #: In capitals; empty where none is given.
    slack_user_id: str = ""

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return " ".join(self.words)


def is_slack_id(text: str) -> bool:
    """Whether words are a Slack user id: `U012ABCDE`."""
    return _SLACK_ID.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def read_name(text: str) -> PersonName:
    """A person's name: `Ana Flores`, `Flores, Ana, LCSW`, `@ana`, `<@U012ABC>`, `Ana Flores <ana@clinic.org>`."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("\"'").strip()
    mention = _MENTION.search(plain)
    email = _EMAIL.search(plain)
    bare = plain.removeprefix("@")
    slack_user_id = mention[1].upper() if mention else bare if _SLACK_ID.fullmatch(bare) else ""
    rest = _EMAIL.sub(" ", _ASIDE.sub(" ", bare)).strip(" \t-:;")
    return PersonName(
        words=() if slack_user_id and not mention else _name_words(rest),
        email=email[1].casefold() if email else "",
        slack_user_id=slack_user_id,
    )


def read_email(text: str) -> str:
    """An e-mail address in lower case.

    Raises:
        ValueError: when it is none.
    """
    found = _EMAIL.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not an e-mail address. Write it like ana@clinic.org.")
    return found[1].casefold()


def email_name(email: str) -> PersonName:
    """The name that an address hints at: `ana.flores@clinic.org` at Ana Flores."""
    return PersonName(words=tuple(_LETTERS.findall(_plain(email.partition("@")[0].replace(".", " ")))))


def may_be_one(one: PersonName, other: PersonName) -> bool:
    """Whether two names are so much alike that somebody has to say whether they are one person's.

    One typo, the words in another order, an initial for a name, or names in between that only one of them has.
    """
    first, second = one.words, other.words
    if not first or not second or first == second or _DIGITS.findall(one.key) != _DIGITS.findall(other.key):
        return False
    if sorted(first) == sorted(second) or _goes_within(first, second) or _goes_within(second, first):
        return True
    joined, other_joined = "".join(first), "".join(second)
    if min(len(joined), len(other_joined)) >= _LONG_ENOUGH and (
        joined == other_joined or is_one_typo_apart(joined, other_joined)
    ):
        return True
    return any(
        _is_initialed(pair, whole)
        for pair, whole in ((first, second), (first[::-1], second), (second, first), (second[::-1], first))
    ) or (_is_run_together(first, second) or _is_run_together(second, first))


def _goes_within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """`ana flores` within `ana maria flores`; `ana` within `ana flores`."""
    rest = iter(many)
    return len(few) < len(many) and all(word in rest for word in few)


def _is_initialed(short: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """`a flores`, `ana f` or `a m flores` for `ana maria flores`: a word whole at least, and each fits."""
    ends = (whole[0], whole[-1])
    tried = (short[0], short[-1])
    if len(short) < 2 or len(whole) < 2:  # noqa: PLR2004 - a first and a last name
        return False
    same = [said == word for said, word in zip(tried, ends, strict=True)]
    fits = [said == word or said == word[0] for said, word in zip(tried, ends, strict=True)]
    return all(fits) and any(same)


def _is_run_together(short: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """`aflores`, `floresa` or `anaf` for `ana flores`, as user names are made."""
    if len(short) != 1 or len(whole) < 2:  # noqa: PLR2004 - a first and a last name
        return False
    first, last = whole[0], whole[-1]
    return short[0] in {first[0] + last, last + first[0], first + last[0], first + last, last + first}


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """A first or last name as it is compared: without case, accents, spaces and marks."""
    return "".join(_WORD.findall(_plain(text)))


def _name_words(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.split(",")]
    head, rest = parts[0], [part for part in parts[1:] if part]
    shouted = text.isupper()
    given = [part for part in rest if not _is_credential(part, beside=head, shouted=shouted)]
    words = _without_credentials(head, shouted=shouted)
    if given:
        words = [*_without_credentials(given[0], shouted=shouted), *words]
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return tuple(words)


def _is_credential(part: str, *, beside: str, shouted: bool) -> bool:
    """Whether what follows a comma is a degree: a known one, or capitals behind a whole name."""
    words = [_joined(word) for word in part.split()]
    if all(word in _CREDENTIALS for word in words):
        return True
    return not shouted and len(words) == 1 and part.isupper() and len(part) > 1 and " " in beside


def _without_credentials(text: str, *, shouted: bool) -> list[str]:
    """The words of a part of a name; degrees at its end are told from names by their capitals."""
    raw = text.split()
    while len(raw) > 2 and _joined(raw[-1]) in _CREDENTIALS:  # noqa: PLR2004 - a first and a last name stay
        if not raw[-1].isupper() and not any(letter.isupper() for letter in raw[-1][1:]):
            break
        if shouted and len(_joined(raw[-1])) < _TOLD_BY_LENGTH:
            break
        raw.pop()
    return _WORD.findall(_plain(" ".join(raw)))


def _joined(word: str) -> str:
    return "".join(_WORD.findall(_plain(word)))


def _plain(text: str) -> str:
    """Casefolded, without accents; apostrophes and dots join what stands around them."""
    spread = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    return "".join(mark for mark in spread if not unicodedata.combining(mark)).casefold()
