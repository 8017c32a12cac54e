"""What is known of a registered model version; imports no mlflow, so that clients can use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.evaluation.verdict import Check
from wardcast_models.source_digest import source_digest

CHAMPION = "champion"
"""Alias of the version that plans use."""
CHALLENGER = "challenger"
"""Alias of the version that is to be compared with it."""
ALIASES = (CHAMPION, CHALLENGER)
FORECASTER_ARTEFACT = "forecaster"
"""Artefact of a registered model that holds the fitted forecaster."""


def this_release() -> str:
    """Return the release and the science in it, for example `0.1.0+3f2a9c01b7de`.

    A fitted forecaster may be used again only by the code that fitted it.
    """
    return f"{version('wardcast')}+{source_digest()[:12]}"


@dataclass(frozen=True, kw_only=True)
class GateRecord:
    """What the promotion gate last said of a version.

    Attributes:
        passed: Whether it may become the champion.
        checks: What the gate looked at.
        run_id: Run that holds the figures.
        champion_version: Version that was the champion then; 0 where there was none.
    """

    passed: bool
    checks: tuple[Check, ...]
    run_id: str
    champion_version: int


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """One registered version.

    Attributes:
        name: Registered model, `wardcast-E09000002`.
        version: Version within it, counted from 1.
        area_code: GSS code of the area.
        forecaster: Name of the forecaster.
        until: Last month trained on, `YYYY-MM`.
        panel_digest: Digest of the panel trained on.
        synthetic: Whether the panel is the embedded sample.
        wardcast_version: Release that trained it.
        run_id: Run that trained it.
        aliases: Aliases it carries, for example `champion`.
        created_at: RFC 3339, UTC.
        gate: What the promotion gate last said of it; None where it was never asked.
        without_gate_reason: Why it was made the champion without the gate; empty where it was not.
    """

    name: str
    version: int
    area_code: str
    forecaster: str
    until: str
    panel_digest: str
    synthetic: bool
    wardcast_version: str
    run_id: str
    aliases: tuple[str, ...]
    created_at: str
    gate: GateRecord | None = None
    without_gate_reason: str = ""

    def is_training_of(self, forecaster: str, *, until: str, panel_digest: str) -> bool:
        """Tell whether this version was trained by this release of wardcast on exactly the data named.

        Args:
            forecaster: Name of the forecaster.
            until: Last month, `YYYY-MM`.
            panel_digest: Digest of the panel.

        Returns:
            True where training again would give the same model.
        """
        asked = (forecaster, until, panel_digest, this_release())
        return (self.forecaster, self.until, self.panel_digest, self.wardcast_version) == asked

    @property
    def label(self) -> str:
        """`name/version`."""
        return f"{self.name}/{self.version}"


def version_among(records: Iterable[ModelRecord], wanted: int | str) -> ModelRecord:
    """Return one of an area's versions.

    Args:
        records: The area's versions.
        wanted: Version, counted from 1, or a text that ought to be one.

    Returns:
        The version.

    Raises:
        WardcastError: There is no such version.
    """
    by_version = {str(record.version): record for record in records}
    if str(wanted) in by_version:
        return by_version[str(wanted)]
    raise WardcastError(
        ErrorKind.NOT_FOUND,
        f"There is no model version {wanted}.",
        [
            Problem(
                where="version",
                expected=f"a registered version of the area ({', '.join(by_version) or 'none yet'})",
                found=str(wanted),
                mend="List the models and take one of those, or train one.",
            )
        ],
    )


def holder_among(records: Iterable[ModelRecord], alias: str, *, synthetic: bool) -> ModelRecord | None:
    """Return the version that carries an alias.

    Args:
        records: An area's versions.
        alias: `champion` or `challenger`.
        synthetic: Whether the data at hand are the embedded sample: a version that learned from the sample leads only
            there, and one that learned from real data only on real data.

    Returns:
        The version, or None where no such version carries it.
    """
    found = (record for record in records if alias in record.aliases and record.synthetic == synthetic)
    return next(found, None)
