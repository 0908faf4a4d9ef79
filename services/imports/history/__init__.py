"""Imports what was written down of patients before this program was there: reviews, statements, stays, attestations."""
