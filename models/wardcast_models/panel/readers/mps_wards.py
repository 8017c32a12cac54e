"""Ward codes, names and boroughs of one MPS release."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.places.wards import VINTAGES, plain_name, ward_register
from wardcast_models.panel.readers.mps_rows import MpsRows, summed_rows
from wardcast_models.panel.text.csv_rows import FileProblems


@dataclass(kw_only=True)
class WardRows:
    """The wards of a release's rows, checked.

    Attributes:
        file: The file's name.
        problems: Where wrong codes are noted.
        codes: Ward code of each row.
        names: Rows by name, by ward code.
        first_lines: First line of each ward code.
        elsewhere: Crimes by (ward code, borough written) where that is not the code's borough.
        repeats: Rows beyond the first of one ward and label, by ward code.
    """

    file: str
    problems: FileProblems
    codes: list[str]
    names: dict[str, Counter[str]]
    first_lines: dict[str, int]
    elsewhere: Counter[tuple[str, str]]
    repeats: Counter[str]

    @classmethod
    def of(cls, release: MpsRows, problems: FileProblems) -> WardRows:
        """Check the ward of each row.

        Args:
            release: The rows of a ward release.
            problems: Where wrong codes and repeated rows are noted.

        Returns:
            The wards.
        """
        codes = [text.strip().upper() for text in release.text["ward_code"]]
        names: dict[str, Counter[str]] = defaultdict(Counter)
        first_rows: dict[str, int] = {}
        for row, (code, name) in enumerate(zip(codes, release.text["ward_name"], strict=True)):
            names[code][name.strip()] += 1
            first_rows.setdefault(code, row)
        wards = cls(
            file=release.file,
            problems=problems,
            codes=codes,
            names=names,
            first_lines={code: release.lines[row] for code, row in first_rows.items()},
            elsewhere=_elsewhere(release, codes),
            repeats=summed_rows(release, codes, problems, "ward_name", "borough"),
        )
        for code, row in first_rows.items():
            if code not in ward_register():
                wards._note_unknown(release.lines[row], release.text["ward_code"][row])
        return wards

    def _note_unknown(self, line: int, code_text: str) -> None:
        self.problems.add(
            row=line,
            column="WardCode",
            expected="the code of a London ward of 2014, 2018 or 2022 (E05000026 to E05014119)",
            found=repr(code_text) if code_text.strip() else "nothing",
            mend="Correct the code from the published release, or remove the row if it is a row of totals.",
        )

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


def _elsewhere(release: MpsRows, codes: Sequence[str]) -> Counter[tuple[str, str]]:
    """Return the crimes that stand under another borough than the ward code's own."""
    crimes: Counter[tuple[str, str]] = Counter()
    for code, borough, number in zip(codes, release.text["borough"], release.values.sum(axis=1).tolist(), strict=True):
        crimes[code, borough.strip()] += number
    register = ward_register()
    return Counter(
        {
            (code, borough): number
            for (code, borough), number in crimes.items()
            if code in register and plain_name(borough) != plain_name(register[code].area_name)
        }
    )


def _spell(vintages: frozenset[str]) -> str:
    return " or ".join(sorted(vintages))
