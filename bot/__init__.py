"""The Slack side of the program: grammar, listeners, screens, notifier."""
