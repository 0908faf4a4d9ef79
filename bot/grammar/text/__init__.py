"""Typed text: lines, words, figures, and the patterns that find slots in them."""
