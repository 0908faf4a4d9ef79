"""Configuration of a sandbox: a workspace, its people and channels, and the app installed in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.controls import Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A Slack workspace; with an enterprise id it belongs to an Enterprise Grid organization."""

    id: str = "T0CLINIC"
    domain: str = "clinic"
    name: str = "Clinic"
    enterprise_id: str | None = None
    enterprise_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the workspace, or a bot."""

    id: str
    name: str  #: the handle typed after @
    real_name: str = ""
    display_name: str = ""
    tz: str = "America/New_York"
    email: str = ""
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False  #: a guest, who sees some channels
    is_ultra_restricted: bool = False  #: a guest of one channel
    is_stranger: bool = False  #: of another company, met in a shared channel
    deleted: bool = False  #: deactivated
    team_id: str = ""  #: the workspace of the account; empty for this one


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel that stands from the start."""

    id: str
    name: str
    is_private: bool = False
    is_shared: bool = False  #: Slack Connect: people of another company read along
    is_archived: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledApp:
    """The app under test, as Slack's app settings would show it.

    `manifest` has the form of an app manifest (schema 1 or 2): commands, shortcuts, scopes and subscribed
    events are taken from it, and what it does not grant is refused.
    """

    id: str = "A0COCM"
    bot_user_id: str = "U0COCMBOT"
    bot_id: str = "B0COCM"
    bot_token: str = field(default="xoxb-sandbox", repr=False)
    app_token: str = field(default="xapp-sandbox", repr=False)
    signing_secret: str = field(default="sandbox-signing-secret", repr=False)
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """What people see as the app's name."""
        return str(_section(self.manifest, "display_information").get("name", "App"))

    @property
    def bot_name(self) -> str:
        """The bot user's display name."""
        return str(_section(self.manifest, "features", "bot_user").get("display_name", self.name))

    @property
    def commands(self) -> tuple[Mapping[str, Any], ...]:
        """Slash commands: `command`, `description`, `usage_hint`, `should_escape`."""
        return tuple(_section(self.manifest, "features").get("slash_commands", ()))

    @property
    def shortcuts(self) -> tuple[Mapping[str, Any], ...]:
        """Shortcuts: `name`, `type` (`global` or `message`), `callback_id`, `description`."""
        return tuple(_section(self.manifest, "features").get("shortcuts", ()))

    @property
    def options_url(self) -> str | None:
        """Where select menus of the app's own data ask for their options; None where the manifest names none."""
        named = _section(self.manifest, "settings", "interactivity").get("message_menu_options_url")
        return str(named) if named else None

    @property
    def home_enabled(self) -> bool:
        """Whether the app has a Home tab."""
        return bool(_section(self.manifest, "features", "app_home").get("home_tab_enabled", False))

    @property
    def scopes(self) -> frozenset[str]:
        """The bot token's scopes."""
        return frozenset(_section(self.manifest, "oauth_config", "scopes").get("bot", ()))

    @property
    def events(self) -> frozenset[str]:
        """The bot events the app has subscribed to."""
        return frozenset(_section(self.manifest, "settings", "event_subscriptions").get("bot_events", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many calls of one method the whole workspace is granted in any stretch of time."""

    calls: int
    seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """Everything a sandbox starts from."""

    app: InstalledApp
    team: Team = field(default_factory=Team)
    users: tuple[User, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    #: where commands, clicks and events are posted, signed; None means Socket Mode only
    request_url: str | None = None
    #: refuse more than one message a second in a channel with 429, as Slack does
    pace: bool = False
    #: refuse what goes beyond with 429, method by method; a method without a limit is never refused. Slack grants
    #: conversations.open, of tier 3, about 50 a minute
    limits: Mapping[str, RateLimit] = field(default_factory=dict)
    #: types of blocks or elements that this workspace does not take, as one to which Slack has not brought them yet
    refused_blocks: tuple[str, ...] = ()
    #: buttons above the chat that are no part of Slack
    controls: tuple[Control, ...] = ()
    #: said of the time that the page shows beside them, since the world's clock may be another than the machine's
    clock_note: str = "here"
    #: waits before each further attempt at delivering an event, in seconds
    event_retries: tuple[float, ...] = (0, 60, 300)
    #: how long the app has to acknowledge, in seconds
    ack_seconds: float = 3.0
    #: how long a trigger may open a modal, in seconds
    trigger_seconds: float = 3.0


def _section(manifest: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    section: Any = manifest
    for key in path:
        section = section.get(key) or {}
    return section if isinstance(section, Mapping) else {}


def small_clinic(*, request_url: str | None = None) -> SandboxConfig:
    """A small default workspace with a placeholder app, for running the sandbox alone."""
    return SandboxConfig(
        app=InstalledApp(manifest=_placeholder_manifest(socket_mode=request_url is None)),
        users=(
            User(id="U0ANA", name="ana", real_name="Ana Ruiz", email="ana@clinic.example"),
            User(
                id="U0BEN",
                name="ben",
                real_name="Ben Okafor",
                tz="America/Chicago",
                email="ben@clinic.example",
            ),
            User(
                id="U0DRLEE",
                name="dr.lee",
                real_name="Dr. Mina Lee",
                email="lee@clinic.example",
                is_admin=True,
            ),
        ),
        channels=(
            ChannelSpec(id="C0GENERAL", name="general", members=("U0ANA", "U0BEN", "U0DRLEE", "U0COCMBOT")),
            ChannelSpec(id="C0BILLING", name="billing", is_private=True, members=("U0DRLEE", "U0COCMBOT")),
        ),
        request_url=request_url,
    )


def _placeholder_manifest(*, socket_mode: bool) -> Mapping[str, Any]:
    return {
        "display_information": {"name": "CoCM Minutes", "description": "Collaborative Care minutes"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "cocm", "always_online": True},
            "slash_commands": [
                {
                    "command": "/cocm",
                    "description": "Log Collaborative Care minutes",
                    "usage_hint": "log 15m MRN123 phone check-in",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(ALL_SCOPES)}},
        "settings": {
            "event_subscriptions": {
                "bot_events": [
                    "app_home_opened",
                    "app_mention",
                    "message.channels",
                    "message.groups",
                    "message.im",
                ]
            },
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": socket_mode,
        },
    }


#: every bot scope that a method of this sandbox asks for
ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "users:read",
        "users:read.email",
    }
)
