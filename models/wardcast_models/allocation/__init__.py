"""Requests, response curves, the programme, its solution and explanation."""
