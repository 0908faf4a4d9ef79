"""What administrators and operators are told of messages that cannot be delivered, and how to fix it."""

from bot import kit
from bot.replies import Reply, Screens, Viewer
from services.messages.kinds import title_of
from services.messages.trouble import Stuck

PUSH = "Something cannot be delivered."
_GONE = (
    "Somebody whom it is for is not in Slack any more, or under another user. If they are: correct their line of "
    "the members file and import it: `cocm import members FILE`. If not, nothing is to do; it lapses by itself."
)
#: What an administrator can do, by Slack's word or ours.
_MEND = {
    "not_in_channel": "Invite the bot to the billing channel: `/invite @cocm` there.",
    "channel_not_found": "Check COCM_BILLING_CHANNEL, and invite the bot there: `/invite @cocm`.",
    "channel_not_private": "The billing channel is public. Make it private, or set another COCM_BILLING_CHANNEL.",
    "channel_shared": "The billing channel is shared with another organisation. Set another COCM_BILLING_CHANNEL.",
    "is_archived": "The billing channel is archived. Set another COCM_BILLING_CHANNEL.",
    "no_billing_channel": "Set COCM_BILLING_CHANNEL to a private channel, and invite the bot there.",
    "thread_in_another_channel": (
        "The billing channel was changed between the summary and its files. Set it back until they are sent, or hand "
        "them out by hand: `cocm report MONTH --format xlsx --output FILE`."
    ),
    "invalid_auth": "Slack refuses the bot token. Check SLACK_BOT_TOKEN.",
    "token_revoked": "The app was removed. Install it again, and set the new SLACK_BOT_TOKEN.",
    "account_inactive": "The bot was switched off in Slack. Install the app again.",
    "missing_scope": "The app lacks a permission. Bring it up to date from manifest.yml, and install it again.",
    "not_in_slack": _GONE,
    "user_not_found": _GONE,
    "user_disabled": _GONE,
    "users_not_found": _GONE,
    "cannot_compose": "The program failed to put it together. Look into its log, and report the fault.",
}


def trouble(found: Stuck, _viewer: Viewer) -> Reply:
    """What cannot be delivered, and what to do."""
    return Reply(text=PUSH, blocks=(kit.section(_trouble_text(found)),))


def mending(code: str) -> str:
    """What to do about a reason for not delivering."""
    return _MEND.get(
        code, "Look into Slack's words for it, and whether the app is installed as manifest.yml says."
    )


def _trouble_text(stuck: Stuck) -> str:
    """What waits, why, and what to do."""
    waiting = ", ".join(f"{number} × {title_of(kind)}" for kind, number in stuck.kinds)
    return (
        f"*Not delivered:* {waiting}.\n{mending(stuck.code)}\n"
        "Once that is mended it is sent within a quarter of an hour, if it is still of use. "
        f"The reason in one word: `{kit.escape(stuck.code)}`."
    )


SCREENS: Screens = {Stuck: trouble}
