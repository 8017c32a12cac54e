"""The kinds of array that allocation is written in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Figures: hours, doses, harm, prices."""

Mask = NDArray[np.bool_]
"""Which of something are meant."""

Positions = NDArray[np.intp]
"""Positions in another array, or in a programme."""

Counts = NDArray[np.intp]
"""Whole numbers: ranks, months."""
