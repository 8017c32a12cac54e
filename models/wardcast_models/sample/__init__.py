"""The embedded sample area: a seeded, synthetic Barking and Dagenham in the official file layouts.

Ward names and codes are real; counts, rates and residents are invented, and every file says so where its layout
allows.
"""

from __future__ import annotations

from wardcast_models.sample.process import SampleTruth
from wardcast_models.sample.redraw import redrawn
from wardcast_models.sample.writing import MARKER_FILE, write_sample

__all__ = ["MARKER_FILE", "SampleTruth", "redrawn", "write_sample"]
