"""Modals and Home tabs: the stack each person has open, and what they have filled in."""

from sandbox.elements import find, state_of
from sandbox.model import JSON, Change, View
from sandbox.world import World

MAX_STACK = 3


class Views:
    """Every view of one world. Bodies handed in have been validated."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def get(self, view_id: str) -> View | None:
        """A view that is open, or a published Home tab."""
        view = self._views.get(view_id)
        return None if view is None or view.is_closed else view

    def by_external_id(self, external_id: str) -> View | None:
        """The open view to which the app gave that id of its own."""
        found = (view for view in self._views.values() if view.body.get("external_id") == external_id)
        return next((view for view in found if not view.is_closed), None)

    def home(self, user_id: str) -> View | None:
        """The person's Home tab, once published."""
        return self._homes.get(user_id)

    def stack(self, user_id: str) -> list[View]:
        """The person's open modals, the one on top last."""
        return self._stacks.setdefault(user_id, [])

    def open(self, user_id: str, body: JSON) -> View:
        """Open a modal; what was open before is gone."""
        self._drop(user_id, self.stack(user_id)[:])
        view = self._add(user_id, body)
        self.stack(user_id).append(view)
        self._told("view_opened", view)
        return view

    def push(self, user_id: str, body: JSON) -> View:
        """Lay a modal on top of the open ones."""
        stack = self.stack(user_id)
        view = self._add(user_id, body)
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._told("view_pushed", view)
        return view

    def update(self, view: View, body: JSON) -> View:
        """Show another body; what was filled in stays where block, action and type are the same."""
        view.body = body | {"blocks": self._world.with_ids(body["blocks"])}
        view.hash = self._new_hash()
        kept = {
            block_id: {
                action_id: held
                for action_id, held in actions.items()
                if (find(view.body["blocks"], block_id, action_id) or {}).get("type") == held["type"]
            }
            for block_id, actions in view.values.items()
        }
        view.values = state_of(view.body["blocks"], kept)
        self._told("home" if view.body["type"] == "home" else "view_updated", view)
        return view

    def publish(self, user_id: str, body: JSON) -> View:
        """Set a person's Home tab. Unlike a modal's, its state starts over."""
        view = self._homes.get(user_id)
        if view is not None:
            view.values = {}
            return self.update(view, body)
        view = self._homes[user_id] = self._add(user_id, body)
        self._told("home", view)
        return view

    def fill(self, view: View, values: JSON) -> None:
        """Take over what the person has filled in so far."""
        merged = {block_id: dict(actions) for block_id, actions in view.values.items()}
        for block_id, actions in values.items():
            merged.setdefault(block_id, {}).update(actions)
        view.values = state_of(view.body["blocks"], merged)

    def close(self, view: View) -> None:
        """Close the view on top; the one below shows again."""
        self._drop(view.user, [view])

    def clear(self, user_id: str) -> None:
        """Close all of a person's modals."""
        self._drop(user_id, self.stack(user_id)[:])

    def _drop(self, user_id: str, views: list[View]) -> None:
        for view in reversed(views):
            if view.is_closed:
                # Sent again although it is gone already: nothing is there to close.
                continue
            view.is_closed = True
            self.stack(user_id).remove(view)
            self._told("view_closed", view)

    def _add(self, user_id: str, body: JSON) -> View:
        view_id = self._world.new_id("V")
        blocks = self._world.with_ids(body["blocks"])
        view = View(
            id=view_id,
            user=user_id,
            body=body | {"blocks": blocks},
            hash=self._new_hash(),
            root_view_id=view_id,
            values=state_of(blocks, {}),
        )
        self._views[view_id] = view
        return view

    def _new_hash(self) -> str:
        return f"{int(self._world.clock.now())}.{self._world.new_id('')}"

    def _told(self, kind: str, view: View) -> None:
        self._world.tell(Change(type=kind, audience=frozenset((view.user,)), view=view))
