"""Use cases that chat, scheduler and command line share."""
