"""Offence labels of one MPS release and the analysis categories they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.text.csv_rows import FileProblems
from wardcast_models.panel.text.mends import TOTALS, is_total
from wardcast_models.reference.taxonomy import category_by_major_label, category_by_minor_label

MOST_LOST_SHARE = 0.005
"""A release whose unknown labels hold more than this share of its crimes is refused."""

STALKING = "STALKING AND HARASSMENT"
"""Split out of violence without injury in some releases only."""

_RESIDENTIAL = ("DOMESTIC BURGLARY", "RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING")
_RESIDENTIAL_ELSEWHERE = ("BURGLARY - RESIDENTIAL", "BURGLARY IN A DWELLING")


def plain_label(text: str) -> str:
    """Return a label for comparison: upper case, single spaces.

    Args:
        text: The label as written.

    Returns:
        The label to compare.
    """
    return " ".join(text.upper().split())


def _is_sum(major: str, minor: str) -> bool:
    """Tell by its labels whether a row is a sum of others: the minor one is empty, or one of them says so."""
    return not minor.strip() or is_total(minor) or is_total(major)


@dataclass(kw_only=True)
class LabelMap:
    """Maps the labels of one file and remembers what it met.

    Attributes:
        file: The file's name.
        minor_totals: Crimes by minor label.
        unknown: Crimes by label (major, minor) that no category is known for.
        title_case: Whether labels were not in upper case.
        first_rows: Position of the first row of each label (major, minor) as written, of rows given together.
    """

    file: str
    minor_totals: Counter[str] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    title_case: bool = False
    first_rows: dict[tuple[str, str], int] = field(default_factory=dict)

    def category(self, major: str, minor: str, crimes: int) -> str | None:
        """Return the analysis category of a row, noting its crimes.

        Args:
            major: Major label as written.
            minor: Minor label as written.
            crimes: Crimes in the row over all months.

        Returns:
            The category id, or None where the label is unknown.
        """
        major_label, minor_label = plain_label(major), plain_label(minor)
        self.title_case = self.title_case or minor_label != minor.strip()
        self.minor_totals[minor_label] += crimes
        by_minor = category_by_minor_label().get(minor_label)
        category = None if _is_sum(major, minor) else by_minor or category_by_major_label().get(major_label)
        if category is None:
            self.unknown[major_label, minor_label] += crimes
        return category

    def categories(
        self, majors: Sequence[str], minors: Sequence[str], crimes: NDArray[np.int64]
    ) -> NDArray[np.object_]:
        """Return the analysis category of each row, noting its crimes.

        Args:
            majors: Major labels as written; length N.
            minors: Minor labels as written; length N.
            crimes: Crimes in each row over all months; length N.

        Returns:
            Category ids, None where the label is unknown; length N.
        """
        pairs = list(zip(majors, minors, strict=True))
        totals: Counter[tuple[str, str]] = Counter()
        for row, (pair, number) in enumerate(zip(pairs, crimes.tolist(), strict=True)):
            totals[pair] += number
            if pair not in self.first_rows:
                self.first_rows[pair] = row
        found = {(major, minor): self.category(major, minor, total) for (major, minor), total in totals.items()}
        return np.array([found[pair] for pair in pairs], dtype=object)

    def check(self, problems: FileProblems, lines: Sequence[int] = ()) -> None:
        """Refuse the file where rows are sums of others, or where unknown labels would lose too many crimes.

        Args:
            problems: Where to note it.
            lines: Line of the file of each row whose labels were given, where they are known.
        """
        lost, total = self.unknown.total(), self.minor_totals.total()
        sums = {labels for labels in self.unknown if _is_sum(*labels)}
        first = {(plain_label(major), plain_label(minor)): row for (major, minor), row in self.first_rows.items()}
        for major, minor in sorted(sums):
            problems.add(
                row=lines[first[major, minor]] if lines else None,
                expected="rows of single offences, each with its label",
                found=f"{minor or 'no label'} under {major or 'no label'}, {self.unknown[major, minor]:,} crimes",
                mend=TOTALS,
            )
        if total and lost <= MOST_LOST_SHARE * total:
            return
        known = [*category_by_minor_label()]
        for (major, minor), crimes in sorted(self.unknown.items()):
            if (major, minor) in sums:
                continue
            nearest = get_close_matches(minor, known, n=1)
            hint = f" (the nearest known label is {nearest[0]})" if nearest else ""
            problems.add(
                expected="offence labels of an MPS release",
                found=f"{minor} under {major}, {crimes:,} of {total:,} crimes",
                mend=f"Correct the label{hint}, or add it to the taxonomy's table of labels.",
            )

    def findings(self) -> tuple[Finding, ...]:
        """Return what a reader has to know about the labels."""
        found: list[Finding] = []
        if self.title_case:
            found.append(self._mended("Offence labels in mixed case were matched without regard to case."))
        if self.minor_totals.get(STALKING):
            found.append(
                self._mended(
                    f"Stalking and harassment ({self.minor_totals[STALKING]:,} crimes) is counted with violence "
                    "without injury, because other releases do not split it out."
                )
            )
        residential = [
            label.capitalize() for label in (*_RESIDENTIAL, *_RESIDENTIAL_ELSEWHERE) if self.minor_totals.get(label)
        ]
        if len(residential) > 1:
            found.append(
                self._mended(
                    f"Residential burglary stands under {len(residential)} labels ({', '.join(residential)}); they "
                    "are one category."
                )
            )
        found.extend(
            Finding(
                kind=FindingKind.CAVEAT,
                file=self.file,
                message=(
                    f"The label {minor} under {major} is unknown; its {crimes:,} crimes "
                    f"({crimes / max(self.minor_totals.total(), 1):.2%} of the file) are left out."
                ),
            )
            for (major, minor), crimes in sorted(self.unknown.items())
        )
        return tuple(found)

    def _mended(self, message: str) -> Finding:
        return Finding(kind=FindingKind.MENDED, file=self.file, message=message)
