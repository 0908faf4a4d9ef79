"""The Web API's methods: one function each, grouped as Slack groups them."""
