"""What becomes of time entries: logged, corrected, voided, split, taken back, shown."""
