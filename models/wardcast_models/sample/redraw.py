"""Other draws of the sample without its files: the same place and plans, counts of another seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wardcast_models.panel.digest import panel_digest
from wardcast_models.panel.panel import Panel
from wardcast_models.sample.process import simulate


def redrawn(panel: Panel, *, seed: int) -> Panel:
    """Return the sample's panel with the counts that another seed draws.

    Writing and reading a sample takes seconds; drawing its counts takes milliseconds. Studies over many seeds read one
    sample and redraw it.

    Args:
        panel: A panel read from the embedded sample, of any seed.
        seed: Seed of everything random.

    Returns:
        The panel with the counts of a sample written with that seed and the same last month. Baseline hours, which a
        sample splits by its own demand, stay those of the panel.
    """
    truth = simulate(seed=seed, last_month=panel.last_month)
    counts = np.where(np.isnan(panel.counts), np.nan, truth.counts.astype(np.float64))
    drawn = replace(panel, counts=counts)
    return replace(drawn, digest=panel_digest(drawn))
