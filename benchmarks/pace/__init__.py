"""Simulated practices, and how well a month's pace was forecast in them."""
