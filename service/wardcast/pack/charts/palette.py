"""Colours of the charts, chosen to be told apart with any common colour vision and in grey print."""

from __future__ import annotations

INK = "#0b0c0c"
GREY = "#505a5f"
RULE = "#b1b4b6"
PAPER = "#ffffff"

DARK_BLUE = "#12436d"
TURQUOISE = "#28a197"
ORANGE = "#f46a25"
"""Dark blue, turquoise and orange of the Government Analysis Function palette for categories."""

SEQUENCE = ("#f1eef6", "#bdc9e1", "#74a9cf", "#2b8cbe", "#045a8d")
"""ColorBrewer PuBu, five classes: light to dark, safe with colour-blindness and in grey.

Only the last is dark enough for white words.
"""
