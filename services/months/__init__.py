"""A patient's month: what is known of it, and what it comes to."""
