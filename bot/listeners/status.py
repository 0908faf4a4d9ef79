"""Where does this patient stand this month?"""

from bot.blocks.overviews import patient_status
from bot.office import Office, Turn
from bot.replies import Reply
from services import overviews


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm status MRN123`."""
    ref = turn.parsed.patient
    assert ref is not None, "the grammar gives every understood status its patient"
    return patient_status(await office.practice.read(overviews.status, turn.member, ref))
