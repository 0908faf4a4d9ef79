"""Measurements, printed side by side and never asserted: `make bench`."""
