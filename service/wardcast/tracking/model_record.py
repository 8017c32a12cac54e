"""What is known of a registered model version; imports no mlflow, so that clients can use it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

CHAMPION = "champion"
"""Alias of the version that plans use."""
CHALLENGER = "challenger"
"""Alias of the version that is to be compared with it."""
ALIASES = (CHAMPION, CHALLENGER)


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
        wardcast_version: Release that trained it.
        run_id: Run that trained it.
        aliases: Aliases it carries, for example `champion`.
        created_at: RFC 3339, UTC.
    """

    name: str
    version: int
    area_code: str
    forecaster: str
    until: str
    panel_digest: str
    wardcast_version: str
    run_id: str
    aliases: tuple[str, ...]
    created_at: str

    def is_training_of(self, forecaster: str, *, until: str, panel_digest: str) -> bool:
        """Tell whether this version was trained by this release of wardcast on exactly the data named.

        Args:
            forecaster: Name of the forecaster.
            until: Last month, `YYYY-MM`.
            panel_digest: Digest of the panel.

        Returns:
            True where training again would give the same model.
        """
        asked = (forecaster, until, panel_digest, version("wardcast"))
        return (self.forecaster, self.until, self.panel_digest, self.wardcast_version) == asked

    @property
    def label(self) -> str:
        """`name/version`."""
        return f"{self.name}/{self.version}"
