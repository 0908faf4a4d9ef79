"""When: what is due, for whom, once."""
