"""The door: what comes from outside is known to be Slack's before anything else is asked of it."""
