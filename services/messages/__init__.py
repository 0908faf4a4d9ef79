"""Scheduled messages: what there is, to whom, when it is wanted, and what it says."""
