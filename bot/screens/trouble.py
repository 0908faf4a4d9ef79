"""What administrators and operators read about messages that cannot be delivered, and how to fix it."""

from bot import kit
from bot.replies import Reply, Screens, Viewer
from services.messages.kinds import title_of
from services.messages.trouble import Stuck

PUSH = "Something cannot be delivered."
_GONE = (
    "A recipient has left Slack, or has a new Slack user. If they have a new user, correct their line in the "
    "members file and import it: `cocm import members FILE`. If they left, there is nothing to do; the message "
    "expires by itself."
)
#: What an administrator can do, by Slack's word or ours.
_HOW_TO_FIX = {
    "not_in_channel": "Invite the bot to the billing channel: `/invite @cocm` there.",
    "channel_not_found": "Check COCM_BILLING_CHANNEL, and invite the bot there: `/invite @cocm`.",
    "channel_not_private": "The billing channel is public. Make it private, or set another COCM_BILLING_CHANNEL.",
    "channel_shared": "The billing channel is shared with another organization. Set another COCM_BILLING_CHANNEL.",
    "is_archived": "The billing channel is archived. Set another COCM_BILLING_CHANNEL.",
    "no_billing_channel": "Set COCM_BILLING_CHANNEL to a private channel, and invite the bot there.",
    "thread_in_another_channel": (
        "The billing channel was changed between the summary and its files. Set it back until they are sent, "
        "or send them yourself: `cocm report MONTH --format xlsx --output FILE`."
    ),
    "invalid_auth": "Slack refuses the bot token. Check SLACK_BOT_TOKEN.",
    "token_revoked": "The app was removed. Install it again, and set the new SLACK_BOT_TOKEN.",
    "account_inactive": "The bot was switched off in Slack. Install the app again.",
    "missing_scope": "The app lacks a permission. Update it from manifest.yml, and install it again.",
    "not_in_slack": _GONE,
    "user_not_found": _GONE,
    "user_disabled": _GONE,
    "users_not_found": _GONE,
    "cannot_compose": "The program could not put the message together. Check its log, and report the fault.",
}


def trouble(found: Stuck, _viewer: Viewer) -> Reply:
    """What cannot be delivered, and what to do."""
    return Reply(text=PUSH, blocks=(kit.section(trouble_text(found)),))


def how_to_fix(code: str) -> str:
    """What to do about a reason for not delivering."""
    return _HOW_TO_FIX.get(
        code, "Look up Slack's error code, and check that the app is installed as manifest.yml says."
    )


def trouble_text(stuck: Stuck) -> str:
    """What waits, why, and what to do."""
    waiting = ", ".join(f"{number} × {title_of(kind)}" for kind, number in stuck.kinds)
    return (
        f"*Not delivered:* {waiting}.\n{how_to_fix(stuck.code)}\n"
        "Once that is fixed, it is sent within 15 minutes, if it is still useful. Error code: "
        f"`{kit.escape(stuck.code)}`."
    )


SCREENS: Screens = {Stuck: trouble}
