"""The allocation programme: curves, solving, choosing among optima, rounding, re-checking."""
