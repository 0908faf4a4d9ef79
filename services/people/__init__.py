"""Members of the practice and its patients."""
