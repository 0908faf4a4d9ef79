"""What commands have in common: how they are called, and what their lines may name."""
