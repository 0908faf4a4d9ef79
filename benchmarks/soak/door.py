"""The HTTP door of a running bot: bytes, headers, bodies and payloads, signed and not."""

import asyncio
import random
from contextlib import suppress
from typing import Any
from urllib.parse import quote_plus, urlencode

from hypothesis import strategies as st

from benchmarks.soak.at_work import MRN, NOTE, AtWork, Said
from benchmarks.soak.payload_changes import CHANGES, changed
from benchmarks.soak.rounds import rounds
from benchmarks.soak.tally import KeptTally

#: Of each body that nobody signed, or that holds anything, so many more with a few bytes changed.
_OFFSPRING = 12
#: Of so many requests one comes as bytes over a connection, and one is time logged, to see what becomes of it.
_RAW_EVERY, _LOG_EVERY = 8, 6
_PATIENCE = 30.0

_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "content-type",
            "content-length",
            "x-slack-signature",
            "x-slack-request-timestamp",
            "x-slack-retry-num",
            "x-slack-retry-reason",
            "transfer-encoding",
            "content-encoding",
            "cookie",
            "expect",
        ]
    ),
    st.one_of(
        st.sampled_from(
            [
                "application/json",
                "application/x-www-form-urlencoded",
                "text/plain",
                "multipart/form-data; boundary=x",
                "v0=" + "0" * 64,
                "v0=" + "é" * 64,
                "1795000000",
                "-1",
                "9" * 30,
                "chunked",
                "gzip",
                "http_timeout",
                "0",
                "",
            ]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    ),
    max_size=4,
)
_BODIES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [
            b"",
            b"ssl_check=1&token=x",
            b"payload=null",
            b"payload=%5B%5D",
            b"payload=" + b"%7B%22a%22%3A" * 300,
            b"[" * 4_000,
            b'{"type":"url_verification","challenge":"x"}',
            b'{"type":"event_callback","event":null}',
            b"\xff\xfe\x00",
            f"command=%2Fcocm&text=15m+MRN{MRN}01+{NOTE}&user_id=U0ANA&trigger_id=1.1".encode(),
            f'{{"type":"event_callback","event":{{"type":"message","text":"{NOTE} MRN{MRN}01"}}}}'.encode(),
        ]
    ),
    st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=5).map(
        lambda one: urlencode(one, errors="replace").encode()
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=8,
    ).map(lambda found: ("payload=" + quote_plus(str(found), errors="replace")).encode()),
)
_METHODS = st.sampled_from(["POST"] * 9 + ["GET", "PUT", "HEAD", "OPTIONS"])
_PATHS = st.sampled_from(
    ["/slack/events"] * 9 + ["/", "/slack/events/", "/healthz", "/metrics", "/%00", "/../x"]
)


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Send so many requests: nine in ten of them garbage, the rest signed, and of those most Slack's but for a part."""
    with AtWork(tally, seed) as at_work:
        door = _Door(at_work, tally, seed)
        # Of each example of the first kind there are many more at once.
        share = _OFFSPRING + 1
        garbage = budget * 9 // 10
        unsigned = st.tuples(_BODIES, _HEADERS, _METHODS, _PATHS, st.booleans())
        rounds(tally, seed, garbage, unsigned, door.garbage, each=share)
        rounds(tally, seed + 500, budget - garbage, st.tuples(st.integers(0, 10**6), CHANGES), door.delivery)


class _Door:
    """What is sent, and what is looked at afterwards."""

    def __init__(self, at_work: AtWork, tally: KeptTally, seed: int) -> None:
        self._bot, self._tally = at_work, tally
        self._chance = random.Random(seed)
        self._count = 0

    def garbage(self, one: tuple[bytes, dict[str, str], str, str, bool]) -> None:
        """A body that is none of Slack's; signed by Slack's secret or not; and others near it."""
        body, headers, method, path, is_signed = one
        for number in range(_OFFSPRING + 1):
            sent = body if not number else self._bitten(body)
            # What is signed and has Slack's form may do something; that is tried apart.
            more = self._bot.signature(sent) if is_signed and number else {}
            what = f"{method} {path} {sent[:120]!r} {headers}"
            with self._tally.trying(what):
                acts = self._bot.acts()
                if number % _RAW_EVERY == 1:
                    status = self._bot.run(self._raw(sent, headers | more, method, path))
                    said = Said(status=status, body=b"")
                    self._tally.met["as bytes"] += 1
                else:
                    said = self._bot.post(sent, headers | more, method, path)
                self._judge(said, what)
                self._tally.met[f"{said.status // 100}xx" if said.status else "no answer"] += 1
                if not is_signed and self._bot.acts() != acts:
                    self._tally.wrong("faults", f"stored without a signature: {what}")

    def delivery(self, one: tuple[int, list[tuple[int, str, Any]]]) -> None:
        """Something that Slack delivered, with some of its parts changed, or as it was; some of it twice."""
        place, changes = one
        self._count += 1
        if self._count % _LOG_EVERY == 0:
            self._log()
            return
        kind, template = self._bot.seen.payloads[place % len(self._bot.seen.payloads)]
        payload = changed(self._bot.fresh(template), changes)
        what = f"{kind} {payload.get('text') or payload.get('type')} {_named(payload)} with {changes}"
        with self._tally.trying(what):
            acts = self._bot.acts()
            said = self._bot.signed(kind, payload)
            self._judge(said, what)
            self._tally.met[f"signed: {said.status // 100}xx"] += 1
            grown = self._bot.acts() - acts
            if grown and not said.body and not said.shown:
                self._tally.wrong("faults", f"stored without an answer: {what}")
            if self._count % 5 == 0:
                again = self._bot.signed(kind, payload, retry=True)
                if self._bot.acts() - acts != grown:
                    self._tally.wrong("twice", f"stored again at its redelivery: {what}")
                self._judge(again, what)
                self._tally.met["delivered again"] += 1

    def _log(self) -> None:
        """Time with a note of its own: told stored is on file once, and told anything else is not."""
        note = f"{NOTE} number {self._chance.getrandbits(48):x}"
        kind, template = self._bot.seen.payloads[0]
        payload = {**self._bot.fresh(template), "text": f"{1 + self._count % 3}m MRN{MRN}01 {note}"}
        with self._tally.trying(note):
            said = self._bot.signed(kind, payload)
            self._judge(said, note)
            again = self._count % 3 == 0 and self._bot.signed(kind, payload, retry=True)
            stands, told = self._bot.notes(note), b"Logged" in said.body
            if told and not stands:
                self._tally.wrong("lost", note)
            if stands > 1:
                self._tally.wrong("twice", note)
            if stands and not told:
                self._tally.wrong("faults", f"stored, and told {said.body[:200]!r}")
            if again and again.body != said.body:
                self._tally.wrong("faults", f"answered otherwise at its redelivery: {again.body[:200]!r}")
            self._tally.met["logged" if told else "not logged"] += 1
            if told:
                undo = {**self._bot.fresh(template), "text": "undo"}
                self._judge(self._bot.signed(kind, undo), "undo")

    def _judge(self, said: Said, what: str) -> None:
        self._bot.judge_answer(said, what)
        self._bot.judge_log(what)

    def _bitten(self, body: bytes) -> bytes:
        """A body with a few bytes changed, taken out or put in."""
        made = bytearray(body)
        for _ in range(self._chance.randint(1, 4)):
            at = self._chance.randrange(len(made) + 1)
            made[at : at + self._chance.randint(0, 2)] = self._chance.choice(
                [b"", b"%", b"&", b"=", b"{", b"}", b'"', b"[", b"\x00", b"\xff", b"0", b"payload=", b"+"]
            )
        return bytes(made)

    async def _raw(self, body: bytes, headers: dict[str, str], method: str, path: str) -> int:
        """Over a connection; the status, or 400 where the door hung up without a word."""
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if "content-length" not in headers and "transfer-encoding" not in headers:
            head += f"Content-Length: {len(body)}\r\n"
        sent = f"{method} {path} HTTP/1.1\r\nHost: door\r\nConnection: close\r\n{head}\r\n".encode(
            "latin-1", "replace"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", self._bot.port)
        try:
            writer.write(sent + body)
            # Nothing more comes: whoever waits for more bytes need not.
            with suppress(OSError):
                writer.write_eof()
            async with asyncio.timeout(_PATIENCE):
                line = await reader.readline()
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            line = b""
        finally:
            writer.close()
        await self._bot.program.bot.background.drain()
        words = line.split()
        return int(words[1]) if len(words) > 1 else 400


def _named(payload: Any) -> str:
    actions = payload.get("actions")
    if isinstance(actions, list) and actions and isinstance(actions[0], dict):
        return str(actions[0].get("action_id"))
    view = payload.get("view")
    return str(view.get("callback_id")) if isinstance(view, dict) else ""
