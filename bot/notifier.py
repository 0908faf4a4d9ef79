"""Posts the scheduler's messages and files to Slack, and looks for those whose answer was lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.billing_channel import unfit_for_billing
from bot.replies import Reply
from bot.slack_answers import asked, uploaded
from services.context import Practice
from services.messages import addresses
from services.messages.deliveries import (
    BILLING,
    Delivery,
    FileStarted,
    Limited,
    Missing,
    Recipient,
    Refused,
    Sent,
    Trouble,
    Uploaded,
)
from services.messages.files import FileContent

EVENT_TYPE = "cocm_delivery"
#: Messages read at a time when one is looked for.
_PAGE = 200
#: Clocks may differ, but a message is not older than this against when it was planned.
_OLDER = timedelta(days=1)

_NO_SUCH_CHANNEL = Refused(code="channel_not_found")

#: Under the SDK's own, which says nothing below warnings.
logger = logging.getLogger("slack_sdk.files")


class SlackNotifier:
    """The `Notifier` of a workspace.

    Its client must not repeat anything by itself: the outbox alone decides on second attempts.
    """

    def __init__(
        self,
        practice: Practice,
        client: AsyncWebClient,
        *,
        billing_channel: str | None,
    ) -> None:
        """Make a notifier.

        Args:
            practice: knows where its members are reached.
            client: without retry handlers, its time-out under the scheduler's deadline.
            billing_channel: the one channel that billing may be posted in; None when there is none.
        """
        self._practice = practice
        self._client = client
        self._billing_channel = billing_channel
        #: Until when Slack asked to be left alone, by the event loop's clock.
        self._quiet_until = 0.0

    async def send(self, delivery: Delivery, content: object) -> Sent | Trouble:
        """See `Notifier`."""
        assert isinstance(content, Reply), "a message's content is a reply"
        answer = await self._post(delivery, content)
        member_id = delivery.recipient.member_id
        if answer == _NO_SUCH_CHANNEL and member_id is not None:
            # The direct message is another by now. Nothing was posted, so a second attempt doubles nothing.
            await self._practice.write(addresses.forget_channel, member_id)
            answer = await self._post(delivery, content)
        return answer

    async def _post(self, delivery: Delivery, reply: Reply) -> Sent | Trouble:
        channel = await self._channel(delivery.recipient)
        if not isinstance(channel, str):
            return channel
        answer = await self._asked(
            self._client.chat_postMessage(
                channel=channel,
                text=reply.text,
                blocks=list(reply.blocks),
                metadata={
                    "event_type": EVENT_TYPE,
                    "event_payload": {"delivery_id": delivery.delivery_id},
                },
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return Sent(channel=answer["channel"], ts=answer["ts"]) if isinstance(answer, dict) else answer

    async def find(self, delivery: Delivery, thread: Sent | None) -> Sent | Missing | Trouble:
        """See `Notifier`."""
        if delivery.is_file:
            return await self._find_file(delivery, thread)
        channel = await self._address(delivery.recipient)
        if not isinstance(channel, str):
            return channel
        oldest = (delivery.planned_at - _OLDER).timestamp()
        async for page in self._pages(channel):
            if page == _NO_SUCH_CHANNEL and delivery.recipient.member_id is not None:
                # The next look opens the direct message again.
                await self._practice.write(addresses.forget_channel, delivery.recipient.member_id)
            if not isinstance(page, list):
                return page
            for message in page:
                payload = message.get("metadata", {}).get("event_payload", {})
                if payload.get("delivery_id") == delivery.delivery_id:
                    return Sent(channel=channel, ts=message["ts"])
            if not page or float(page[-1]["ts"]) < oldest:
                break
        return Missing()

    async def start_file(self, content: object) -> FileStarted | Trouble:
        """See `Notifier`."""
        file = _file(content)
        answer = await asked(
            self._client.files_getUploadURLExternal(filename=file.name, length=len(file.data))
        )
        if not isinstance(answer, dict):
            return answer
        return FileStarted(file_id=answer["file_id"], upload_url=answer["upload_url"])

    async def upload_file(self, content: object, upload_url: str) -> Uploaded | Trouble:
        """See `Notifier`."""
        # The SDK's only public way to upload also completes, which must be a step of its own here.
        upload = self._client._upload_file(  # noqa: SLF001 - see above
            url=upload_url,
            data=_file(content).data,
            logger=logger,
            timeout=self._client.timeout,
            proxy=self._client.proxy,
            ssl=self._client.ssl,
        )
        return await uploaded(upload)

    async def complete_file(self, delivery: Delivery, thread: Sent | None) -> Sent | Trouble:
        """See `Notifier`."""
        file_id = delivery.file_id
        if thread is None or file_id is None:
            return Refused(code="thread_not_found")
        channel = await self._channel(delivery.recipient)
        if not isinstance(channel, str):
            return channel
        if channel != thread.channel:
            return Refused(code="thread_in_another_channel")
        answer = await asked(
            self._client.files_completeUploadExternal(
                files=[{"id": file_id}], channel_id=channel, thread_ts=thread.ts
            )
        )
        if not isinstance(answer, dict):
            return answer
        # Slack may show the share later than it answers; then the thread says where it is.
        shares = (_share(file, thread) for file in answer.get("files", ()))
        return next((share for share in shares if share is not None), thread)

    async def _asked(self, call: Coroutine[Any, Any, Any]) -> dict[str, Any] | Trouble:
        """Make a request on the way to a message, unless Slack wants to be left alone.

        The sender begins nothing then, but has begun other messages, each of which asks more than once.
        """
        now = asyncio.get_running_loop().time
        if now() < self._quiet_until:
            call.close()
            return Limited(seconds=self._quiet_until - now())
        answer = await asked(call)
        if isinstance(answer, Limited):
            self._quiet_until = max(self._quiet_until, now() + answer.seconds)
        return answer

    async def _find_file(self, delivery: Delivery, thread: Sent | None) -> Sent | Missing | Trouble:
        if thread is None or delivery.file_id is None:
            return Missing()
        known = await asked(self._client.files_info(file=delivery.file_id))
        if isinstance(known, dict):
            share = _share(known["file"], thread)
            if share is not None:
                return share
        elif known != Refused(code="file_not_found"):
            return known
        answer = await asked(
            self._client.conversations_replies(channel=thread.channel, ts=thread.ts, limit=_PAGE)
        )
        if not isinstance(answer, dict):
            return answer
        for message in answer["messages"]:
            if any(file.get("id") == delivery.file_id for file in message.get("files", ())):
                return Sent(channel=thread.channel, ts=message["ts"])
        return Missing()

    async def _pages(self, channel: str) -> AsyncIterator[list[dict[str, Any]] | Trouble]:
        """A conversation's messages, newest first, a page at a time."""
        cursor: str | None = None
        while True:
            answer = await asked(
                self._client.conversations_history(
                    channel=channel, include_all_metadata=True, limit=_PAGE, cursor=cursor
                )
            )
            if not isinstance(answer, dict):
                yield answer
                return
            yield answer["messages"]
            cursor = answer.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return

    async def _channel(self, recipient: Recipient) -> str | Trouble:
        """The channel to post in, fit for what is to be posted."""
        channel = await self._address(recipient)
        if recipient != BILLING or not isinstance(channel, str):
            return channel
        return await unfit_for_billing(self._client, channel) or channel

    async def _address(self, recipient: Recipient) -> str | Trouble:
        if recipient.newcomer is not None:
            return await self._newcomers_channel(recipient.newcomer)
        if recipient.member_id is None:
            return self._billing_channel or Refused(code="no_billing_channel")
        address = await self._practice.read(addresses.address_of, recipient.member_id)
        if address is None:
            return Refused(code="not_in_slack")
        if address.channel_id is not None:
            return address.channel_id
        answer = await self._asked(self._client.conversations_open(users=address.slack_user_id))
        if not isinstance(answer, dict):
            return answer
        channel_id: str = answer["channel"]["id"]
        await self._practice.write(addresses.keep_channel, address, channel_id)
        return channel_id

    async def _newcomers_channel(self, request_id: int) -> str | Trouble:
        """The direct message with somebody who asked to take part; opened for each message, as there are but few."""
        slack_user_id = await self._practice.read(addresses.newcomer_in_slack, request_id)
        if slack_user_id is None:
            return Refused(code="not_in_slack")
        answer = await self._asked(self._client.conversations_open(users=slack_user_id))
        return str(answer["channel"]["id"]) if isinstance(answer, dict) else answer


def _file(content: object) -> FileContent:
    assert isinstance(content, FileContent), "a file's content is a file"
    return content


def _share(file: dict[str, Any], thread: Sent) -> Sent | None:
    """Where a file was shared in a thread, if it was."""
    for channels in file.get("shares", {}).values():
        for share in channels.get(thread.channel, ()):
            if share.get("thread_ts") == thread.ts:
                return Sent(channel=thread.channel, ts=share["ts"])
    return None
