"""The data contract and the readers of official files."""
