"""Looks once a day for notes that are older than the practice keeps them, and tells administrators before they go."""

from services.context import Context
from services.messages.joining import owe_administrators
from services.messages.kinds import OLD_NOTES
from services.people import members
from services.practice import retention


def look(context: Context) -> bool:
    """Announce what is to be removed; says whether this is the first look of the day."""
    key = f"old notes {context.today.isoformat()}"
    if context.uow.requests.seen(key) is not None:
        return False
    context.uow.requests.remember(key, context.now)
    removal_id = retention.announce(context)
    if removal_id is not None:
        members.welcome_admins(context)
        owe_administrators(context, OLD_NOTES, str(removal_id))
    context.uow.commit()
    return True
