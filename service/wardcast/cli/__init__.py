"""The command line."""

from __future__ import annotations

import os

# The native libraries read this when they load, so it has to stand before the commands import them. Their threads would
# share out matrices of a few rows and wait for each other; work in parallel is done by processes of one thread each.
os.environ.setdefault("OMP_NUM_THREADS", "1")
