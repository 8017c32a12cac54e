"""Ward codes, names and boroughs of one MPS release."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wardcast_models.panel.csv_rows import FileProblems
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.wards import VINTAGES, plain_name, ward_register


@dataclass(kw_only=True)
class WardRows:
    """Checks the ward of each row and remembers what it met.

    Attributes:
        file: The file's name.
        problems: Where wrong codes are noted.
        names: Rows by name, by ward code.
        first_lines: First line of each ward code.
        elsewhere: Crimes by (ward code, borough written) where that is not the code's borough.
        repeats: Rows beyond the first of one ward and label, by ward code.
        rows: Rows met.
    """

    file: str
    problems: FileProblems
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    first_lines: dict[str, int] = field(default_factory=dict)
    elsewhere: Counter[tuple[str, str]] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    _seen: dict[tuple[str, tuple[str, str]], list[tuple[int, str, NDArray[np.int64]]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(
        self,
        *,
        line: int,
        code_text: str,
        name: str,
        borough: str,
        label: tuple[str, str],
        values: NDArray[np.int64],
    ) -> str:
        """Check a row's ward and remember it.

        Args:
            line: Line of the file.
            code_text: Ward code as written.
            name: Ward name as written.
            borough: Borough name as written.
            label: Major and minor label as written.
            values: Counts by month.

        Returns:
            The ward code.
        """
        self.rows += 1
        code = code_text.strip().upper()
        if code not in self.first_lines:
            self.first_lines[code] = line
            if code not in ward_register():
                self._note_unknown(line, code_text)
        self.names[code][name.strip()] += 1
        ward = ward_register().get(code)
        if ward is not None and plain_name(borough) != plain_name(ward.area_name):
            self.elsewhere[code, borough.strip()] += int(values.sum())
        self._note_repeat(line, code, label, f"{name.strip()}|{borough.strip()}", values)
        return code

    def _note_unknown(self, line: int, code_text: str) -> None:
        self.problems.add(
            row=line,
            column="WardCode",
            expected="the code of a London ward of 2014, 2018 or 2022 (E05000026 to E05014119)",
            found=repr(code_text) if code_text.strip() else "nothing",
            mend="Correct the code from the published release.",
        )

    def _note_repeat(
        self, line: int, code: str, label: tuple[str, str], written: str, values: NDArray[np.int64]
    ) -> None:
        earlier = self._seen[code, label]
        for other_line, other_written, other_values in earlier:
            if other_written == written and values.any() and np.array_equal(other_values, values):
                self.problems.add(
                    row=line,
                    expected="each row once",
                    found=f"row {other_line} again, word for word",
                    mend="Remove the repeated row.",
                )
        if earlier:
            self.repeats[code] += 1
        earlier.append((line, written, values))

    def vintages(self) -> frozenset[str]:
        """Return the ward vintages that every known code of the file belongs to."""
        shared = frozenset(VINTAGES)
        for code in self._known():
            shared &= ward_register()[code].vintages
        return shared

    def check_vintages(self) -> None:
        """Note it where the codes of the file were never in use together."""
        known = self._known()
        if self.vintages():
            return
        for code in known:
            ward = ward_register()[code]
            clash = next((other for other in known if not ward.vintages & ward_register()[other].vintages), None)
            if clash is not None:
                self.problems.add(
                    row=self.first_lines[clash],
                    column="WardCode",
                    expected=f"{_spell(ward.vintages)} wards only, as {code} in row {self.first_lines[code]}",
                    found=f"{clash}, a {_spell(ward_register()[clash].vintages)} ward",
                    mend="Split the file: each ward vintage is a file, and a panel, of its own.",
                )
                return
        self.problems.add(
            column="WardCode",
            expected="wards of one vintage",
            found="codes that were never in use together",
            mend="Split the file: each ward vintage is a file, and a panel, of its own.",
        )

    def _known(self) -> list[str]:
        return [code for code in self.first_lines if code in ward_register()]

    def name_of(self, code: str) -> str:
        """Return the ward's usual name: the one on most rows, the shortest of equals."""
        return min(self.names[code], key=lambda name: (-self.names[code][name], len(name), name))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was summed and what stands under another borough."""
        found: list[Finding] = []
        for (code, borough), crimes in sorted(self.elsewhere.items()):
            ward = ward_register()[code]
            message = (
                f"{self.name_of(code)} ({code}) also stands under {borough!r}; these {crimes:,} crimes are counted in "
                f"the ward, which lies in {ward.area_name}."
            )
            found.append(Finding(kind=FindingKind.MENDED, file=self.file, message=message))
        explained = {code for code, _ in self.elsewhere}
        for code in sorted(self.repeats):
            if len(self.names[code]) > 1:
                written = "under " + " and ".join(repr(name) for name in sorted(self.names[code]))
            elif code not in explained:
                written = "more than once for the same offences"
            else:
                continue
            message = f"{code} stands {written}: rows summed into one ward: {self.repeats[code]}."
            found.append(Finding(kind=FindingKind.MENDED, file=self.file, message=message, rows=self.repeats[code]))
        return tuple(found)


def _spell(vintages: frozenset[str]) -> str:
    return " or ".join(sorted(vintages))
