"""Messages that come without anybody asking: which kinds there are, what each says, and to whom it goes."""
