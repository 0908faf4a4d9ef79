"""Two MRNs merged and taken apart, through the real bot and a sandbox."""

from storage import Database
from tests.support.bot import ANA, clinic_at_work
from tests.support.slack import words


async def test_a_supervisor_merges_two_mrns_and_takes_them_apart(database: Database) -> None:
    """The answer says what went where; lines for the old MRN go to the patient who stays until then."""
    async with clinic_at_work(database, admins=ANA) as clinic:
        ana = clinic.slack.person(ANA)
        await ana.command("/cocm 15m MRN417 call")
        (question,) = await ana.command("/cocm enroll MRN00417")
        await ana.click(question, "MRN00417 is new")
        await ana.sees("MRN00417 enrolled")
        (made,) = await ana.command("/cocm merge MRN417 into MRN00417 because the zeros were left out")
        said = words(made)
        assert "MRN417 was merged into MRN00417" in said
        assert "1 entry and 0 facts of care went with it" in said
        assert "MRN" not in made.text
        (receipt,) = await ana.command("/cocm 20m MRN417 chart review")
        assert "Logged 20 min for MRN00417" in words(receipt)
        assert "MRN417 was merged into MRN00417." in words(receipt)
        (apart,) = await ana.command("/cocm unmerge MRN417")
        assert "MRN417 is a patient of their own again" in words(apart)
        (status,) = await ana.command("/cocm status MRN417")
        assert "15 of" in words(status)


async def test_nobody_but_supervisors_merges(database: Database) -> None:
    """A care manager is told whom to ask."""
    async with clinic_at_work(database) as clinic:
        ana = clinic.slack.person(ANA)
        await ana.command("/cocm 15m MRN417 call")
        (refused,) = await ana.command("/cocm merge MRN417 into MRN00417")
        assert "Only supervisors and administrators can merge" in words(refused)
