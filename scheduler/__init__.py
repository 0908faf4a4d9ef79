"""Decides when a message is due and for whom, and sends each once."""
