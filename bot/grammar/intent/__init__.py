"""Decides what a line is meant to do before it is read as time spent, and what answers a line that logs nothing."""
