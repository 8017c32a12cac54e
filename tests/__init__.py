"""The tests."""

from __future__ import annotations

import os

# Read when the native libraries load, so set before any test imports them; `make` sets it too.
os.environ.setdefault("OMP_NUM_THREADS", "1")
