"""Use cases about the practice itself: what it has set, and which rules change from month to month."""
