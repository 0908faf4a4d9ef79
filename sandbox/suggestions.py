"""Select menus of the app's own data: what was typed is sent to the app, which answers with what may be picked."""

from dataclasses import dataclass, field

from sandbox.blocks import suggestion_problems
from sandbox.elements import find, state_of
from sandbox.model import JSON, Message, View
from sandbox.outbound import Acknowledgement, Outbound
from sandbox.payloads import Payloads
from sandbox.views import Views
from sandbox.world import World

EXTERNAL = frozenset({"external_select", "multi_external_select"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What may be picked: groups of options, the label of one without a heading empty; or why there is nothing.

    `failure` is empty, `operation_timeout` (too late), `dispatch_failed` (not reached, or it failed) or
    `invalid_response` (not what Slack takes, which is recorded).
    """

    groups: tuple[JSON, ...] = field(default=(), repr=False)
    failure: str = ""

    @property
    def options(self) -> list[JSON]:
        """All options, headings left out."""
        return [option for group in self.groups for option in group["options"]]


class Suggestions:
    """Asks the app of one world for options."""

    def __init__(self, world: World, views: Views, payloads: Payloads, outbound: Outbound) -> None:
        self._world = world
        self._views = views
        self._payloads = payloads
        self._outbound = outbound

    async def in_message(
        self, user_id: str, message: Message, block_id: str, action_id: str, typed: str
    ) -> Suggested:
        """Type into a menu of a message."""
        blocks = message.blocks or []
        if not _is_external(blocks, block_id, action_id):
            return Suggested(failure="unknown_menu")
        values = state_of(blocks, message.state.get(user_id, {}))
        payload = self._payloads.suggestion_in_message(user_id, message, values, block_id, action_id, typed)
        return self._read(await self._outbound.deliver("options", payload))

    async def in_view(
        self, view: View, block_id: str, action_id: str, typed: str, values: JSON | None = None
    ) -> Suggested:
        """Type into a menu of a modal or Home tab; `values` is what else the person has filled in."""
        if not _is_external(view.body["blocks"], block_id, action_id):
            return Suggested(failure="unknown_menu")
        self._views.fill(view, values or {})
        payload = self._payloads.suggestion_in_view(view, block_id, action_id, typed)
        return self._read(await self._outbound.deliver("options", payload))

    def _read(self, said: Acknowledgement) -> Suggested:
        if said.failure:
            return Suggested(
                failure="operation_timeout" if said.failure == "http_timeout" else "dispatch_failed"
            )
        problems = suggestion_problems(said.body)
        if problems:
            self._world.violation("block_suggestion acknowledgment", problems)
            return Suggested(failure="invalid_response")
        if said.body.get("options") is not None:
            return Suggested(groups=({"label": None, "options": said.body["options"]},))
        return Suggested(groups=tuple(said.body["option_groups"]))


def _is_external(blocks: list[JSON], block_id: str, action_id: str) -> bool:
    return (find(blocks, block_id, action_id) or {}).get("type") in EXTERNAL
