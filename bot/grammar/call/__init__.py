"""What commands share: how they are called, and what their lines may name."""
