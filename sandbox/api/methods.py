"""The Web API's methods: whose token they take, and what they ask for."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.api import chat, conversations, files, users, views
from sandbox.api.call import Call
from sandbox.model import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method. Scopes that depend on the kind of conversation are asked for by the method itself."""

    run: Callable[[Call], JSON]
    needs: tuple[str, ...] = ()  #: arguments without which nothing is tried
    scopes: tuple[str, ...] = ()


METHODS = {
    "auth.test": Method(run=users.auth_test),
    "chat.postMessage": Method(run=chat.post_message, needs=("channel",), scopes=("chat:write",)),
    "chat.postEphemeral": Method(run=chat.post_ephemeral, needs=("channel", "user"), scopes=("chat:write",)),
    "chat.update": Method(run=chat.update, needs=("channel", "ts"), scopes=("chat:write",)),
    "chat.delete": Method(run=chat.delete, needs=("channel", "ts"), scopes=("chat:write",)),
    "conversations.open": Method(run=conversations.open_),
    "conversations.info": Method(run=conversations.info, needs=("channel",)),
    "conversations.list": Method(run=conversations.list_),
    "conversations.members": Method(run=conversations.members, needs=("channel",)),
    "conversations.history": Method(run=conversations.history, needs=("channel",)),
    "conversations.replies": Method(run=conversations.replies, needs=("channel", "ts")),
    "users.info": Method(run=users.info, needs=("user",), scopes=("users:read",)),
    "users.list": Method(run=users.list_, scopes=("users:read",)),
    "users.lookupByEmail": Method(run=users.lookup_by_email, needs=("email",), scopes=("users:read.email",)),
    "views.open": Method(run=views.open_, needs=("view",)),
    "views.push": Method(run=views.push, needs=("view",)),
    "views.update": Method(run=views.update, needs=("view",)),
    "views.publish": Method(run=views.publish, needs=("user_id", "view")),
    "files.getUploadURLExternal": Method(
        run=files.get_upload_url_external, needs=("filename", "length"), scopes=("files:write",)
    ),
    "files.completeUploadExternal": Method(
        run=files.complete_upload_external, needs=("files",), scopes=("files:write",)
    ),
    "files.info": Method(run=files.info, needs=("file",), scopes=("files:read",)),
}
#: the one method that takes the app-level token
CONNECTIONS_OPEN = "apps.connections.open"
