"""Submitting and closing modals, and what the app may answer to that."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.blocks import view_problems
from sandbox.elements import FIELDS, interactive, is_blank
from sandbox.model import JSON, View
from sandbox.outbound import Outbound
from sandbox.payloads import Payloads
from sandbox.views import MAX_STACK, Views
from sandbox.world import World

BLANK = "Please complete this required field."
ACKNOWLEDGMENT = "view_submission acknowledgment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a submission: `closed`, `errors`, `update`, `push` or `failed`."""

    action: str
    errors: JSON = field(default_factory=dict, repr=False)  #: block id to sentence
    view: View | None = None
    failure: str = ""


class Modals:
    """The modals of one world, as the people in front of them use them."""

    def __init__(self, world: World, views: Views, payloads: Payloads, outbound: Outbound) -> None:
        self._world = world
        self._views = views
        self._payloads = payloads
        self._outbound = outbound

    async def submit(self, view: View, values: JSON) -> Outcome:
        """Submit a modal. Slack itself holds back one with required inputs left blank."""
        self._views.fill(view, values)
        blank = {
            block["block_id"]: BLANK
            for block, element in interactive(view.body["blocks"])
            if block["type"] == "input"
            and element["type"] in FIELDS
            and not block.get("optional", False)
            and is_blank(element, view.values[block["block_id"]][element["action_id"]])
        }
        if blank:
            return Outcome(action="errors", errors=blank)
        said = await self._outbound.deliver("interactive", self._payloads.submission(view))
        if said.failure:
            code = "operation_timeout" if said.failure == "http_timeout" else "dispatch_failed"
            return Outcome(action="failed", failure=code)
        return self._follow(view, said.body)

    async def close(self, view: View, *, clear: bool) -> None:
        """Close the modal, or all of them; the app hears of those that asked for it."""
        is_cleared = clear or bool(view.body.get("clear_on_close"))
        gone = self._views.stack(view.user)[::-1] if is_cleared else [view]
        for each in gone:
            self._views.close(each)
        for each in gone:
            if each.body.get("notify_on_close"):
                payload = self._payloads.closed(each, is_cleared=is_cleared)
                await self._outbound.deliver("interactive", payload)

    def _follow(self, view: View, body: Any) -> Outcome:
        """Do what the acknowledgment of a submission says."""
        if body in (None, "", {}):
            self._views.close(view)
            return Outcome(action="closed")
        action = body.get("response_action") if isinstance(body, dict) else None
        if action == "clear":
            self._views.clear(view.user)
            return Outcome(action="closed")
        if action == "errors":
            return self._show_errors(view, body.get("errors"))
        if action in ("update", "push"):
            return self._show_view(view, action, body.get("view"))
        return self._refuse(["[ERROR] response_action must be clear, errors, update or push"])

    def _show_errors(self, view: View, errors: Any) -> Outcome:
        inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
            return self._refuse(["[ERROR] errors must name input blocks of the view [json-pointer:/errors]"])
        return Outcome(action="errors", errors=errors)

    def _show_view(self, view: View, action: str, body: Any) -> Outcome:
        if self._world.faults.refusals(ACKNOWLEDGMENT, body, "/view"):
            return Outcome(action="failed", failure="invalid_response")
        problems = view_problems(body)
        if not problems and body["type"] != "modal":
            problems = ["[ERROR] must be of type modal [json-pointer:/view/type]"]
        if not problems and action == "push" and len(self._views.stack(view.user)) >= MAX_STACK:
            problems = ["push_limit_reached"]
        if problems:
            return self._refuse(problems)
        shown = self._views.update(view, body) if action == "update" else self._views.push(view.user, body)
        return Outcome(action=action, view=shown)

    def _refuse(self, problems: list[str]) -> Outcome:
        self._world.violation(ACKNOWLEDGMENT, problems)
        return Outcome(action="failed", failure="invalid_response")
