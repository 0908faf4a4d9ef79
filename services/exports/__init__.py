"""Writes the month report as files (CSV, workbook, JSON) and as rows for a screen."""
