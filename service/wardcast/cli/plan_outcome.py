"""What a command knows of a plan that was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wardcast.store.records import PlanRecord


@dataclass(frozen=True, kw_only=True)
class PlanOutcome:
    """A plan, wherever it was made.

    Attributes:
        record: The plan with its request and provenance.
        pack_dir: Folder of its files where it was made in this process, else None.
        run_address: Where a browser shows its run, and how to start the view where it is not a server's.
    """

    record: PlanRecord
    pack_dir: Path | None
    run_address: str
