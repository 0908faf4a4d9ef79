"""Reads lines that log time, and makes their entries."""
