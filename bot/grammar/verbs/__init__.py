"""One file per command: its words, and how they are read."""
