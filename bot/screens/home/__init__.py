"""The Home tab, one file a part. Patients have their handles here unless the practice decided otherwise."""

from bot.screens.home.naming import ViewSettings, named_in_views

__all__ = ["ViewSettings", "named_in_views"]
