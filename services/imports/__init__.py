"""Imports files: every bad row is named, and nothing is stored unless all of it can be."""
