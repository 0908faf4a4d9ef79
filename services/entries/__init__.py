"""Use cases about time entries: log, correct, void, split, undo, show."""
