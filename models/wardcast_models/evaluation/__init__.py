"""Backtests and metrics."""
