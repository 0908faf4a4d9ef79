"""What every listener is given, built once by the program."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from billing.people import Member
from bot.accounts import Accounts
from bot.answer_urls import AnswerUrls
from bot.grammar import Arguments, Limits, ParseContext, Parsed, parse, roster_candidates
from bot.home_refresh import HomeTabs
from bot.lazy import DrainedLazyRunner
from bot.replies import Reply
from bot.screens.home import ViewSettings
from bot.typed_mrns import TypedMrns
from services.context import Practice
from services.once import run as once
from services.people import patients
from services.zones import zone_of

A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing a person said to the bot, understood; of a log of several lines, at least some of them."""

    member: Member
    parsed: Parsed
    #: Slack's own id of the delivery; the same one again changes nothing.
    request_key: str | None
    #: Opens a form within three seconds; only commands and clicks have one.
    trigger_id: str | None = None
    #: Slack's own id of the person.
    user_id: str = ""
    #: Where answers go that come after the acknowledgment; only commands and clicks have one.
    response_url: str = ""
    #: As typed.
    text: str = field(default="", repr=False)

    def given(self, kind: type[A]) -> A:
        """What the command was given; each command has a kind of its own."""
        arguments = self.parsed.arguments
        assert isinstance(arguments, kind), "the grammar gives every understood command its arguments"
        return arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class BotContext:
    """The practice's use cases, the client to Slack, and the commands by name."""

    practice: Practice
    client: AsyncWebClient
    views: ViewSettings
    #: Handler of each command of `bot.grammar.COMMANDS`.
    commands: "Handlers" = field(repr=False)
    #: Work that goes on after an acknowledgment; drained at shutdown.
    background: DrainedLazyRunner = field(repr=False)
    #: What Slack says of whoever writes.
    accounts: Accounts = field(repr=False)
    mrn_pattern: str | None = None
    #: MRNs typed into a form's search that are nobody's yet.
    typed_mrns: TypedMrns = field(default_factory=TypedMrns, repr=False)
    #: Shows people their Home, and keeps it fresh.
    home: HomeTabs = field(init=False, repr=False)
    #: Where answers may be posted.
    answer_urls: AnswerUrls = field(init=False, repr=False)

    def __post_init__(self) -> None:
        tabs = HomeTabs(self.practice, self.client, self.views, self.background)
        # The dataclass is frozen for whoever is given it.
        object.__setattr__(self, "home", tabs)
        object.__setattr__(self, "answer_urls", AnswerUrls(self.client.base_url))

    def zone_of(self, member: Member) -> ZoneInfo:
        """The member's own zone, or the practice's."""
        return zone_of(member, self.practice.settings.zone)

    async def understand(self, text: str, member: Member, *, said_at: datetime | None = None) -> Parsed:
        """Read a person's words in their own zone; bare numbers are looked up on the roster first.

        `said_at` is the instant at which they were said, where that is not now.
        """
        candidates = roster_candidates(text)
        known = await self.practice.read(patients.on_roster, candidates) if candidates else frozenset()
        return parse(text, self.reading(self.zone_of(member), known, said_at=said_at))

    def reading(
        self, zone: ZoneInfo, roster: frozenset[str] = frozenset(), *, said_at: datetime | None = None
    ) -> ParseContext:
        """What words said in a zone, now or at another instant, depend on besides themselves."""
        settings = self.practice.settings
        return ParseContext(
            now=said_at or once.began() or self.practice.clock.now(),
            zone=zone,
            roster=roster,
            limits=Limits(
                backdate_days=settings.backdate_days, max_entry_seconds=settings.max_entry_hours * 3600
            ),
            mrn_pattern=self.mrn_pattern,
        )


Handler = Callable[[BotContext, Request], Awaitable[Reply]]
#: What answers each command, by its name.
Handlers = Mapping[str, Handler]
