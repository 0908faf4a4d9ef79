"""Use cases that chat, clock and command line share."""
