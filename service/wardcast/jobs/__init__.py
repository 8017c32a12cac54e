"""Durable long work: a queue in the database, workers in processes of their own, and what keeps them running."""
