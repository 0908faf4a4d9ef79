"""What scheduled messages tell: one value a message, computed when it is sent."""
