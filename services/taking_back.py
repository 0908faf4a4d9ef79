"""How long people may take back what they did, for whoever does it and whoever shows the way."""

from datetime import timedelta

#: How long a person may take back what they did without giving a reason.
UNDO_WITHIN = timedelta(hours=24)
