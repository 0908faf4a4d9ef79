"""Scheduled messages: the kinds there are, what each says, and who is sent it."""
