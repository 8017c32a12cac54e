"""Other draws of the sample without its files: the same place and plans, counts of another seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wardcast_models.panel.digest import panel_digest
from wardcast_models.panel.panel import Panel, Release
from wardcast_models.reference.taxonomy import COUNCIL_ASB, DELIBERATE_FIRES, FLY_TIPPING
from wardcast_models.sample.local_truth import draw_local
from wardcast_models.sample.process import SampleTruth, simulate


def redrawn(panel: Panel, *, seed: int) -> Panel:
    """Return the sample's panel with the counts that another seed draws.

    Writing and reading a sample takes seconds; drawing its counts takes milliseconds. Studies over many seeds read one
    sample and redraw it.

    Args:
        panel: A panel read from the embedded sample, of any seed.
        seed: Seed of everything random.

    Returns:
        The panel with the counts of a sample written with that seed and the same last month, those of its releases and
        of the council's and the fire brigade's files among them. Baseline hours, which a sample splits by its own
        demand, and crime without a ward stay those of the panel.
    """
    counts = _drawn(panel, simulate(seed=seed, last_month=panel.last_month))
    drawn = replace(
        panel,
        counts=np.where(np.isnan(panel.counts), np.nan, counts),
        releases=tuple(_of_release(release, panel, counts) for release in panel.releases),
    )
    return replace(drawn, digest=panel_digest(drawn))


def _drawn(panel: Panel, truth: SampleTruth) -> NDArray[np.float64]:
    """Return the counts of a draw on a panel's axes, (W, C, T); 0 in months before a log begins."""
    counts = np.zeros(panel.counts.shape)
    known = dict(zip(truth.categories, truth.counts.transpose(1, 0, 2), strict=True))
    local = draw_local(truth)
    known |= {
        COUNCIL_ASB: local.council_asb,
        FLY_TIPPING: local.fly_tipping,
        DELIBERATE_FIRES: local.secondary_fires,
    }
    for position, category in enumerate(panel.categories):
        of_category = known[category]
        counts[:, position, -of_category.shape[1] :] = of_category
    return counts


def _of_release(release: Release, panel: Panel, counts: NDArray[np.float64]) -> Release:
    """Return a release with a draw's counts in the cells that it tells."""
    months = panel.months.get_indexer(release.months)
    told = np.where(np.isnan(release.counts), np.nan, counts[:, :, months])
    return replace(release, counts=told.astype(np.float32))
