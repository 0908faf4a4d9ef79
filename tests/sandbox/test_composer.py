"""What Slack makes of typed words."""

import pytest

from sandbox.composer import Composer
from sandbox.config import User
from sandbox.model import Channel

USERS = [
    User(id="U0ANA", name="ana", real_name="Ana Ruiz"),
    User(id="U0BOT", name="cocm", real_name="CoCM Minutes", is_bot=True),
]
CHANNELS = [Channel(id="C0B", name="billing", kind="private", members=[], created=0)]
COMPOSER = Composer(USERS, CHANNELS)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("15m MRN123 phone", "15m MRN123 phone"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<@U0ANA> in <#C0B> or <#C0B|billing>", "<@U0ANA> in <#C0B|billing> or <#C0B|billing>"),
        ("<@U0NOBODY> <!here>", "&lt;@U0NOBODY&gt; &lt;!here&gt;"),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        ("(https://x.example)", "(<https://x.example>)"),
        ("mail ana@clinic.example!", "mail <mailto:ana@clinic.example|ana@clinic.example>!"),
        ("at clinic.org today", "at <http://clinic.org|clinic.org> today"),
        ("call 555-123-4567", "call <tel:5551234567|555-123-4567>"),
        ("call +1 (555) 123-4567.", "call <tel:+15551234567|+1 (555) 123-4567>."),
        ("MRN 555-123-45678", "MRN 555-123-45678"),
        ("1.5h at 9.30am e.g. now", "1.5h at 9.30am e.g. now"),
        ("@ana and @Ana Ruiz, @anabel", "<@U0ANA> and <@U0ANA>, @anabel"),
        ("@CoCM Minutes status", "<@U0BOT> status"),
        ("to #billing @here", "to <#C0B|billing> <!here>"),
        ("“curly” – dash", "“curly” – dash"),
    ],
)
def test_messages_are_escaped_and_linked(typed: str, text: str) -> None:
    """Escapes, links, mails, phones and mentions look as they do in Slack's events."""
    assert COMPOSER.message(typed)[0] == text


def test_rich_text_keeps_the_pieces() -> None:
    """The blocks beside the text hold the same pieces, unescaped."""
    _, [block] = COMPOSER.message("a & b @ana https://x.example")
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "a & b "},
        {"type": "user", "user_id": "U0ANA"},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://x.example"},
    ]


def test_commands_carry_names_beside_ids() -> None:
    """With escaping on, a command's mention has the id and the name."""
    for typed in ("log for @ana 15m <x>", "log for <@U0ANA> 15m <x>"):
        assert COMPOSER.command(typed) == "log for <@U0ANA|ana> 15m &lt;x&gt;"
