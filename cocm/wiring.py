"""Builds the program: settings, database, Slack, the bot."""

from dataclasses import dataclass

from aiohttp import ClientError
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.accounts import Accounts, Home
from bot.app import build_app
from bot.commands import COMMANDS
from bot.context import BotContext
from bot.door.answering import AnsweringApp
from bot.lazy import DrainedLazyRunner
from bot.middleware import Workspace
from bot.overheard import Overheard
from bot.screens.home import ViewSettings
from cocm.errors import EnvironmentFault
from cocm.settings import Settings
from cocm.vitals import Vitals
from services.clock import Clock, SystemClock
from services.context import Practice
from storage import NO_TENANT, AlreadyExists, Database, UnitOfWork

#: Slack answers within this many seconds or the call counts as failed.
SLACK_TIMEOUT_SECONDS = 10


WITHOUT_BOT = (
    "SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token (xoxb-...) from your Slack app's OAuth & Permissions "
    "page into the environment or .env. To try without Slack: make demo."
)
WITHOUT_SECRET = (
    "SLACK_SIGNING_SECRET is not set, and requests over HTTP cannot be verified without it. Copy it from your "  # noqa: S105 - a sentence
    "Slack app's Basic Information page. For Socket Mode set SLACK_APP_TOKEN instead."
)


@dataclass(frozen=True, slots=True)
class Application:
    """A running bot's parts."""

    settings: Settings
    database: Database
    practice: Practice
    bot: BotContext
    app: AnsweringApp
    vitals: Vitals

    async def close(self) -> None:
        """Finish what was acknowledged, then let go of the database."""
        await self.bot.background.close()
        self.database.close()


async def open_program(settings: Settings, database: Database, clock: Clock | None = None) -> Application:
    """Meet Slack once, bind the practice to its workspace, and build the bot.

    Args:
        settings: of the practice.
        database: its tables up to date.
        clock: tells the program what time it is; the machine's when left out.

    Raises:
        EnvironmentFault: when Slack cannot be reached or refuses the token, or the database belongs
            to another workspace.
    """
    authorization = await meet_slack(settings)
    tenant_id = await _bind(database, authorization)
    practice = Practice(database, clock or SystemClock(), settings.practice(), tenant_id)
    vitals = Vitals(Overheard(practice.clock))
    client = slack_client(settings, vitals.overheard)
    client.token = authorization.bot_token
    bot = BotContext(
        practice=practice,
        client=client,
        views=ViewSettings(phi_in_views=settings.phi_in_views),
        commands=COMMANDS,
        background=DrainedLazyRunner(),
        accounts=Accounts(client, Home(authorization.enterprise_id, authorization.team_id)),
        mrn_pattern=settings.mrn_pattern,
    )
    secret = settings.slack_signing_secret
    app = build_app(
        bot,
        signing_secret=secret.get_secret_value() if secret else "",
        authorization=authorization,
        workspace=Workspace(enterprise_id=authorization.enterprise_id, team_id=authorization.team_id),
    )
    return Application(
        settings=settings, database=database, practice=practice, bot=bot, app=app, vitals=vitals
    )


async def meet_slack(settings: Settings, overheard: Overheard | None = None) -> AuthorizeResult:
    """Ask Slack once who we are.

    Args:
        settings: whom to ask, with which token.
        overheard: is to hear the answer, too.

    Raises:
        EnvironmentFault: when Slack cannot be reached or refuses the token.
    """
    if settings.slack_bot_token is None:
        raise EnvironmentFault(WITHOUT_BOT)
    token = settings.slack_bot_token.get_secret_value()
    try:
        answer = await slack_client(settings, overheard).auth_test(token=token)
    except SlackApiError as error:
        raise EnvironmentFault(
            f"Slack refuses the bot token ({error.response.get('error')}). Check SLACK_BOT_TOKEN, and that the app is "
            "installed in the workspace."
        ) from error
    except (TimeoutError, OSError, ClientError) as error:
        raise EnvironmentFault(
            f"Slack cannot be reached at {settings.slack_api_url}. Check the network and COCM_SLACK_API_URL."
        ) from error
    return AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer["team_id"],
        bot_token=token,
        bot_user_id=answer.get("user_id"),
        bot_id=answer.get("bot_id"),
    )


async def _bind(database: Database, authorization: AuthorizeResult) -> int:
    """The tenant of this workspace; on first contact the practice becomes its."""
    assert authorization.team_id is not None

    def first_contact(uow: UnitOfWork) -> int:
        tenant = uow.tenants.bind(authorization.enterprise_id, authorization.team_id or "")
        uow.commit()
        return tenant.tenant_id

    try:
        return await database.writing(first_contact, tenant_id=NO_TENANT)
    except AlreadyExists as error:
        raise EnvironmentFault(
            f"{error.sentence} Each workspace needs a database of its own: check COCM_DATABASE_URL and SLACK_BOT_TOKEN."
        ) from error


def slack_client(settings: Settings, overheard: Overheard | None = None) -> AsyncWebClient:
    """A client of the Web API that repeats nothing by itself; its token is still to be given."""
    return AsyncWebClient(
        base_url=_with_slash(settings.slack_api_url),
        timeout=SLACK_TIMEOUT_SECONDS,
        # The SDK's own retry posts twice when a connection drops after Slack accepted.
        retry_handlers=[overheard] if overheard else [],
    )


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
