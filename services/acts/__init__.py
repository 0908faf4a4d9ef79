"""Use cases about what people did: take it back, put it back, and show every version of a fact."""
