"""The month report as files: CSV, workbook, JSON, and rows for a screen."""
