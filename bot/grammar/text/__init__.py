"""Typed text: lines, words, figures, and the patterns by which slots are found in them."""
