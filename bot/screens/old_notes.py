"""What administrators are told before notes that are older than the practice keeps them are removed."""

from bot import kit
from bot.replies import Reply, Screens, Viewer
from bot.screens.phrases import count, full_day
from services.practice.retention import Announcement

OLD_NOTES_PUSH = "Old notes will be removed in a month."


def announced(found: Announcement, _viewer: Viewer) -> Reply:
    """How many notes go and when, what stays, and how to keep them."""
    they = "It is" if found.notes == 1 else "They are"
    said = (
        f"*{count(found.notes, 'note')} up to {found.last.name} {found.last.year} will be removed on "
        f"{full_day(found.due_on)}.* {they} older than the {found.years} years for which the practice keeps notes. "
        "Minutes, codes and closed months stay as they are, and so does each note's digest in the audit chain. "
        "This cannot be undone.\n"
        "To keep all of them: `/cocm settings set keep_notes_years forever`. To keep one patient's, whoever runs the "
        'bot types on the server: `cocm retention hold MRN "reason"`. What would go: `cocm retention`.'
    )
    return Reply(text=OLD_NOTES_PUSH, blocks=(kit.section(said),))


SCREENS: Screens = {Announcement: announced}
