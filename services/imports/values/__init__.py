"""Single values of a file: each reader takes a cell's words, or says why it cannot and what to write instead."""
