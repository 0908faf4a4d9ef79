"""Slack in, Slack out: grammar, listeners, Block Kit, notifier."""
