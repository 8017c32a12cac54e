"""What a reader of a panel must know before trusting its figures."""
