"""views.*: modals and Home tabs."""

from sandbox.api.call import ApiError, Call
from sandbox.model import JSON, Trigger, View
from sandbox.render import view_json
from sandbox.views import MAX_STACK


def open_(call: Call) -> JSON:
    """views.open."""
    body = _new_body(call, "modal")
    trigger = _spend_trigger(call)
    return _answer(call, call.views.open(trigger.user, body))


def push(call: Call) -> JSON:
    """views.push: only from within a modal, three deep at most."""
    body = _new_body(call, "modal")
    trigger = _spend_trigger(call)
    stack = call.views.stack(trigger.user)
    if trigger.view_id is None or not stack:
        raise ApiError("not_found")
    if len(stack) >= MAX_STACK:
        raise ApiError("push_limit_reached")
    return _answer(call, call.views.push(trigger.user, body))


def update(call: Call) -> JSON:
    """views.update, by id or by the app's own id."""
    if call.text("view_id"):
        view = call.views.get(call.text("view_id"))
    elif call.text("external_id"):
        view = call.views.by_external_id(call.text("external_id"))
    else:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view_id")
    if view is None:
        raise ApiError("not_found")
    body = call.view(view.body["type"])
    _check_hash(call, view)
    return _answer(call, call.views.update(view, body))


def publish(call: Call) -> JSON:
    """views.publish: a person's Home tab."""
    user = call.world.users.get(call.text("user_id"))
    if user is None or user.is_bot:
        raise ApiError("invalid_arguments", "[ERROR] invalid `user_id`")
    if not call.world.app.home_enabled:
        raise ApiError("not_enabled")
    body = call.view("home")
    view = call.views.home(user.id)
    if view is not None:
        _check_hash(call, view)
    return _answer(call, call.views.publish(user.id, body))


def _new_body(call: Call, kind: str) -> JSON:
    body = call.view(kind)
    if body.get("external_id") and call.views.by_external_id(body["external_id"]):
        raise ApiError("duplicate_external_id")
    return body


def _spend_trigger(call: Call) -> Trigger:
    trigger = call.world.triggers.get(call.text("trigger_id"))
    if not call.text("trigger_id"):
        raise ApiError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.is_used:
        raise ApiError("exchanged_trigger_id")
    if call.world.clock.now() > trigger.expires_at:
        raise ApiError("expired_trigger_id")
    trigger.is_used = True
    return trigger


def _check_hash(call: Call, view: View) -> None:
    given = call.text("hash")
    if given and given != view.hash:
        raise ApiError("hash_conflict")


def _answer(call: Call, view: View) -> JSON:
    return {"view": view_json(view, call.world.app, call.world.team)}
