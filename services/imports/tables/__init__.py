"""Tables as practices have them: any bytes to rows, any header to columns."""
