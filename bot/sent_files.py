"""Brings the bytes of files that people send to the bot from Slack, and from nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import aiohttp

from billing.people import Member
from bot.context import BotContext
from services.errors import Refusal
from services.imports import sent

#: Larger files are imported on the server.
LARGEST_FILE: Final = 20_000_000
#: Files of one message that are looked at.
MOST_FILES: Final = 5
_TABLES = frozenset({"csv", "tsv", "tab", "txt", "xls", "xlsx", "xlsm", "xlsb", "ods", "numbers", "gsheet"})
_SECONDS = 60.0
_OK = 200
_CHUNK = 64 * 1024


class FileNotGiven(Refusal):
    """Slack did not give me the file. Nothing was imported. Send it again; if that does not help, ask an operator."""

    code = "file_not_given"


class FileTooLarge(Refusal):
    """The file is larger than 20 MB. Nothing was imported. Send it in parts, or import it on the server."""

    code = "file_too_large"


class FileElsewhere(Refusal):
    """That file is kept outside Slack, so I cannot read it. Nothing was imported. Download it, and send it here."""

    code = "file_elsewhere"


async def tables_of(
    bot: BotContext, member: Member, files: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Those of some files that are looked at: tables of whoever may import them."""
    tables = [file for file in files if _is_table(file)]
    if not tables:
        return []
    looks = await bot.practice.read(sent.may_import, member)
    return tables[:MOST_FILES] if looks else []


def address_of(file: Mapping[str, Any]) -> str:
    """Where Slack keeps a file's bytes.

    Raises:
        FileElsewhere: when it does not.
        FileTooLarge: when there are too many.
    """
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if file.get("is_external") or file.get("mode") == "external" or not address:
        raise FileElsewhere
    if int(file.get("size") or 0) > LARGEST_FILE:
        raise FileTooLarge
    return address


async def bytes_of(bot: BotContext, address: str) -> bytes:
    """The bytes of a file, asked for with the bot's token.

    Raises:
        FileNotGiven: when they cannot be had, or are not where Slack keeps files.
        FileTooLarge: when there are too many.
    """
    if not _is_slacks(urlsplit(address), urlsplit(bot.client.base_url)):
        raise FileNotGiven
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS), trust_env=True) as session,
            session.get(
                address,
                headers={"Authorization": f"Bearer {bot.client.token}"},
                # Without the scope Slack leads to its sign-in page; the token goes nowhere else.
                allow_redirects=False,
            ) as answer,
        ):
            if answer.status != _OK or answer.content_type == "text/html":
                raise FileNotGiven
            return await _read(answer)
    except (TimeoutError, OSError, aiohttp.ClientError):
        raise FileNotGiven from None


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > LARGEST_FILE:
            raise FileTooLarge
    return bytes(data)


def _is_slacks(address: SplitResult, base: SplitResult) -> bool:
    """Whether an address is of the Slack that the bot works with: the token is shown to nobody else."""
    host, own = address.hostname or "", (base.hostname or "").removeprefix("www.")
    if (address.scheme, address.netloc) == (base.scheme, base.netloc):
        return True
    return address.scheme == "https" and address.port in {None, 443} and host.endswith(f".{own}")


def _is_table(file: Mapping[str, Any]) -> bool:
    """Whether a file may hold a table, by its kind or the end of its name."""
    ending = str(file.get("name") or "").rpartition(".")[2].lower()
    return str(file.get("filetype") or "").lower() in _TABLES or ending in _TABLES
