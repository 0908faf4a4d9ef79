"""files.*: the three steps of an upload, and files' state."""

import mimetypes

from sandbox.api.call import ApiError, Call
from sandbox.model import JSON, Draft, File
from sandbox.render import file_json

_MAX_BYTES = 1_000_000_000


def get_upload_url_external(call: Call) -> JSON:
    """files.getUploadURLExternal."""
    length = call.text("length")
    if not length.isdecimal() or not 0 < int(length) <= _MAX_BYTES:
        raise ApiError("invalid_arguments", "[ERROR] must be a positive integer [json-pointer:/length]")
    name = call.text("filename").replace("/", "_")
    file = File(
        id=call.world.new_id("F"),
        name=name,
        length=int(length),
        created=int(call.world.clock.now()),
        base_url=call.base_url,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
    )
    call.world.files[file.id] = file
    return {"upload_url": f"{call.base_url}upload/{file.id}", "file_id": file.id}


def complete_upload_external(call: Call) -> JSON:
    """files.completeUploadExternal.

    Completing a file a second time shares it a second time: Slack keeps no guard, the app must look first.
    """
    files = _uploaded(call)
    if call.text("channel_id"):
        channel = call.writable("channel_id")
        parent = channel.messages.get(call.text("thread_ts"))
        if call.text("thread_ts") and parent is None:
            raise ApiError("invalid_arguments", "[ERROR] invalid `thread_ts`")
        thread_ts = None if parent is None else parent.thread_ts or parent.ts
        draft = Draft(text=call.text("initial_comment"), files=tuple(files), thread_ts=thread_ts)
        message = call.world.post(channel, call.bot, draft)
        for file in files:
            file.shares.append((channel.id, message.ts, thread_ts))
    for file in files:
        file.completed = True
    return {"files": [file_json(file, call.world.app, call.world.channels) for file in files]}


def info(call: Call) -> JSON:
    """files.info: a file that has been completed, with its shares."""
    file = call.world.files.get(call.text("file"))
    if file is None or not file.completed:
        raise ApiError("file_not_found")
    return {"file": file_json(file, call.world.app, call.world.channels), "comments": []}


def _uploaded(call: Call) -> list[File]:
    asked = call.structure("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked or not all(isinstance(item, dict) for item in asked):
        raise ApiError("invalid_arguments", "[ERROR] must be a list of objects [json-pointer:/files]")
    found = []
    for item in asked:
        file = call.world.files.get(str(item.get("id")))
        if file is None or file.content is None:
            raise ApiError("file_not_found")
        file.title = str(item.get("title") or file.title or file.name)
        found.append(file)
    return found
