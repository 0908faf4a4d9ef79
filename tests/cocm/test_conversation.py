"""What a care manager types and sees, through the real bot and a sandbox."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage import Database
from tests.support.bot import ANA, BEN, Clinic, clinic_at_work
from tests.support.slack import words

LINE = "/cocm log 15m MRN123 phone check-in"


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


async def test_the_line_of_the_mission_is_logged_and_answered(clinic: Clinic) -> None:
    """The acknowledgment itself says what was logged and where the patient stands."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    said = words(receipt)
    assert "Logged 15 min for MRN123" in said
    assert "phone" in said
    assert "today" in said
    assert "15 of 70 min · 55 to 99492" in said
    assert "MRN" not in receipt.text
    assert receipt.ephemeral_to == ANA


async def test_the_undo_button_takes_it_back(clinic: Clinic) -> None:
    """The receipt is replaced by word that it was undone, and the month falls back."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 20m MRN123 chart review")
    (receipt,) = await ana.command(LINE)
    assert "35 of 70" in words(receipt)
    await ana.click(receipt, "Undo")
    undone = await ana.sees("Undone")
    assert "20 of 70" in words(undone)


async def test_the_word_undo_takes_back_the_last_message(clinic: Clinic) -> None:
    """`/cocm undo` voids every entry of the person's last message."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 call\n20m MRN98765 chart review")
    (undone,) = await ana.command("/cocm undo")
    assert words(undone).count("*Undone:") == 2
    (nothing,) = await ana.command("/cocm undo")
    assert "nothing in the last 24 hours" in words(nothing)


async def test_what_is_not_understood_stores_nothing_and_says_how_to_mend_it(clinic: Clinic) -> None:
    """Every problem at once, each with a line that works."""
    ana = clinic.slack.person(ANA)
    (refused,) = await ana.command("/cocm log phone check-in")
    said = words(refused)
    assert "Nothing was stored" in said
    assert "/cocm" in said
    (day,) = await ana.command("/cocm today")
    assert "nothing logged yet" in words(day)


async def test_a_direct_message_is_read_like_a_command(clinic: Clinic) -> None:
    """The same words without the slash, answered in the direct message."""
    ana = clinic.slack.person(ANA)
    await ana.say("15m MRN123 phone check-in — follow-up on sleep & mood")
    answer = await ana.sees("Logged 15 min for MRN123")
    assert "follow-up on sleep & mood" in words(answer)
    assert "MRN" not in answer.text


async def test_a_mention_in_a_channel_is_not_logged(clinic: Clinic) -> None:
    """Patients are not named in channels: the answer is ephemeral and offers the direct message."""
    ana = clinic.slack.person(ANA)
    bot = clinic.slack.world.app.bot_user_id
    clinic.slack.world.channels["C0GENERAL"].members.append(bot)
    await ana.say("@cocm 15m MRN123 call", "C0GENERAL")
    answer = await ana.sees("direct message", "C0GENERAL")
    assert answer.ephemeral_to == ANA
    (day,) = await ana.command("/cocm today")
    assert "nothing logged yet" in words(day)


async def test_the_same_words_at_once_are_asked_about(clinic: Clinic) -> None:
    """An identical log is a question with two buttons; No leaves things as they were."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    (question,) = await ana.command(LINE)
    assert "Log it again?" in words(question)
    await ana.click(question, "Don't log it")
    await ana.sees("Nothing was logged")
    (status,) = await ana.command("/cocm status MRN123")
    assert "15 of 70" in words(status)


async def test_the_activity_is_changed_with_one_tap(clinic: Clinic) -> None:
    """Picking another activity makes a new version and shows the receipt again."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    await ana.select(receipt, "set_activity", "telehealth")
    changed = await ana.sees("telehealth ·")
    assert "15 of 70" in words(changed)


async def test_edit_changes_the_duration_for_a_reason(clinic: Clinic) -> None:
    """The form behind Edit corrects the entry, and says so as a typed edit does."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    await ana.click(receipt, "Edit")
    assert ana.modal is not None
    await ana.submit(ana.modal, {"duration": "25m", "reason": "typed 15 instead of 25"})
    corrected = await ana.sees("Corrected: 25 min for MRN123")
    assert "25 of 70" in words(corrected)


async def test_a_form_that_cannot_be_read_says_so_at_its_field(clinic: Clinic) -> None:
    """What was typed stays, and the sentence stands at the field it is about."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    await ana.click(receipt, "Edit")
    assert ana.modal is not None
    outcome = await ana.submit(ana.modal, {"duration": "soon", "reason": "x"})
    assert set(outcome.errors) == {"duration"}


async def test_cocm_alone_opens_the_form(clinic: Clinic) -> None:
    """Fields for those who like them; the receipt comes where the command was typed, for her alone."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm")
    modal = await clinic.slack.until(lambda: ana.modal, "the form")
    await ana.submit(
        modal, {"patient": "MRN123", "duration": "15m", "note": "saw 2 kids, 30m of it on sleep"}
    )
    receipt = await ana.sees("Logged 15 min for MRN123")
    assert "saw 2 kids, 30m of it on sleep" in words(receipt)
    assert receipt.ephemeral_to == ANA


async def test_the_home_tab_shows_the_day_and_handles_instead_of_mrns(clinic: Clinic) -> None:
    """Slack keeps the Home tab, so patients are named by handle there."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 60m MRN123 assessment")
    home = await ana.home()
    assert "1 h" in words(home)
    assert "P-" in words(home)
    assert "MRN123 ·" not in words(home)


async def test_newcomers_are_welcomed_with_their_own_name_and_zone(clinic: Clinic) -> None:
    """Somebody nobody added becomes a care manager; name and zone come from Slack after the answer."""
    ben = clinic.slack.person(BEN)
    await ben.command(LINE)
    await clinic.program.bot.background.drain()
    member = await clinic.program.practice.read(lambda context: context.uow.members.by_slack_id(BEN))
    assert member is not None
    assert (member.display_name, member.time_zone) == ("Ben Okoro", "America/Los_Angeles")
    # Their zone was not known yet when the line was read: around midnight its day is the practice's.
    day = await clinic.program.practice.read(lambda context: context.today)
    entries = await clinic.program.practice.read(
        lambda context: context.uow.ledger.member_days(member.member_id, day - timedelta(days=1), day)
    )
    assert [entry.seconds for entry in entries] == [900]


async def test_where_strangers_are_refused_nothing_is_stored(database: Database) -> None:
    """With `refuse`, somebody nobody added is told whom to ask."""
    async with clinic_at_work(database, unknown_member="refuse") as clinic:
        (refused,) = await clinic.slack.person(ANA).command(LINE)
        assert "Ask an administrator" in words(refused)
        await clinic.slack.person(ANA).say("15m MRN123 call")
        await clinic.slack.person(ANA).sees("Ask an administrator")


async def test_help_shows_what_the_person_can_do_and_opens_group_by_group(clinic: Clinic) -> None:
    """One screen with a line a group; a tap shows its commands with lines to copy, and leads back."""
    ana = clinic.slack.person(ANA)
    (groups,) = await ana.command("/cocm help")
    assert len(groups.blocks or ()) <= 10
    assert "`log` · `start` · `stop`" in words(groups)
    assert "`close`" not in words(groups), "what only billers do is not shown to a care manager"
    await ana.click(groups, "help_topic_0")
    opened = await ana.sees("/cocm log 15m")
    await ana.click(opened, "Back to all groups")
    await ana.sees("See where things stand")


async def test_help_all_names_every_command_and_each_topic_opens(clinic: Clinic) -> None:
    """Help is made from the registry: what is handled is listed, and each topic opens."""
    ana = clinic.slack.person(ANA)
    (overview,) = await ana.command("/cocm help all")
    for name in ("log", "undo", "today", "close", "help"):
        assert f"/cocm {name}" in words(overview)
        (topic,) = await ana.command(f"/cocm help {name}")
        assert "For example" in words(topic)


async def test_the_other_reading_of_a_date_is_one_tap_away(clinic: Clinic) -> None:
    """Where a date was taken from beside the note, the receipt offers today; the tap moves the entry."""
    ana = clinic.slack.person(ANA)
    earlier = clinic.program.practice.clock.now() - timedelta(days=3)
    (receipt,) = await ana.command(f"/cocm 15m MRN123 {earlier:%m/%d} labs reviewed")
    assert "today" not in words(receipt).partition("It was")[0]
    await ana.click(receipt, "It was today")
    await ana.sees("· today")


async def test_work_that_only_sounds_uncountable_is_held_until_settled(clinic: Clinic) -> None:
    """Words alone never take minutes away: the receipt asks, and either answer is one tap."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm 15m MRN123 crisis call")
    assert "Held, not counted: this reads like crisis care, which is billed separately." in words(receipt)
    await ana.click(receipt, "Billed separately")
    settled = await ana.sees("crisis ·")
    assert "Held" not in words(settled)
    await ana.select(settled, "set_activity", "phone")
    asked = await ana.sees("crisis → phone")
    assert "needs a reason" in words(asked)
    await ana.click(asked, "Give the reason")
    form = await clinic.slack.until(lambda: ana.modal, "the form")
    await ana.submit(form, {"reason": "a regular call after all"})
    assert "15 of 70" in words(await ana.sees("Corrected: 15 min for MRN123"))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("Care management", "phone ·"), ("Billed separately", "psychotherapy ·"), ("Clerical", "admin ·")],
)
async def test_a_code_in_a_note_is_answered_with_one_tap(clinic: Clinic, answer: str, kind: str) -> None:
    """The receipt says why it is held, and its three buttons settle it."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm 15m MRN123 phone, therapy session 90837x1")
    assert "Held, not counted: 90837 is psychotherapy, which is billed separately." in words(receipt)
    assert "90837" not in receipt.text
    await ana.click(receipt, answer)
    settled = await ana.sees(kind)
    assert "Held" not in words(settled)


async def test_several_held_entries_are_each_answered_by_their_own_buttons(clinic: Clinic) -> None:
    """The receipt of several lines stays while they are answered one by one."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm 15m MRN123 CCM call\n10m MRN98765 data entry\n5m MRN123 call")
    said = words(receipt)
    assert said.count("Held, not counted:") == 2
    assert [button for button in said.split() if button == "Clerical"] == ["Clerical"] * 2
    await ana.command("/cocm confirm e-36 clerical")
    assert "admin" in words(await ana.sees("Logged 10 min for MRN98765"))
    (listed,) = await ana.command("/cocm confirm")
    assert "data entry" not in words(listed)
    assert "CCM call" in words(listed)
    seen = len(ana.messages())
    await ana.click(listed, "Billed separately")
    await clinic.slack.until(lambda: len(ana.messages()) > seen, "the receipt beside the list")
    (none,) = await ana.command("/cocm confirm")
    assert "Nothing waits" in words(none)
