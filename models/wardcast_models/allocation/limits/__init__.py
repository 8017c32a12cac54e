"""What a plan has to respect, and what to do where limits clash."""
