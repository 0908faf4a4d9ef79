"""users.*, and auth.test."""

from sandbox.api.call import ApiError, Call
from sandbox.api.conversations import page
from sandbox.config import User
from sandbox.model import JSON
from sandbox.render import user_json


def auth_test(call: Call) -> JSON:
    """auth.test."""
    team, app = call.world.team, call.world.app
    body: JSON = {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": app.bot_name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }
    return body | ({"enterprise_id": team.enterprise_id} if team.enterprise_id else {})


def info(call: Call) -> JSON:
    """users.info."""
    user = call.world.users.get(call.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _row(call, user)}


def list_(call: Call) -> JSON:
    """users.list."""
    shown, cursor = page(call, sorted(call.world.users), default=1000)
    rows = [_row(call, call.world.users[user_id]) for user_id in shown]
    return {
        "members": rows,
        "cache_ts": int(call.world.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> JSON:
    """users.lookupByEmail."""
    wanted = call.text("email").casefold()
    for user in call.world.users.values():
        if user.email and user.email.casefold() == wanted:
            return {"user": _row(call, user)}
    raise ApiError("users_not_found")


def _row(call: Call, user: User) -> JSON:
    world = call.world
    with_email = "users:read.email" in world.app.scopes
    return user_json(user, world.team, now=world.clock.now(), with_email=with_email)
