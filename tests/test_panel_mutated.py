"""Spoilt files end in a clean reading with the right total or a clear refusal, within bounded memory."""

from __future__ import annotations

import dataclasses
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.mutated_tables import Original, Outcome, Spoilt
from tests.mutations import MUTATIONS, little_files, sample_files, spoilt
from wardcast_models.errors import WardcastError
from wardcast_models.panel.gather import Gathered, gather
from wardcast_models.panel.parts import Part
from wardcast_models.panel.sources.limits import Limits
from wardcast_models.progress import silent

FEW, MANY, AT_ONCE = 200, 1_000, 20
LIMITS = Limits(source_bytes=4 * 1024 * 1024, archive_bytes=8 * 1024 * 1024, cells=1_000_000)
MOST_EXTRA_BYTES = 256 * 1024 * 1024
"""What reading one spoilt file may take beyond what the tests hold; at the limits above a table takes far less."""


@pytest.fixture(scope="module")
def originals(sample_dir: Path) -> list[Original]:
    return [*little_files(), *sample_files(sample_dir)]


@contextmanager
def little_memory() -> Iterator[None]:
    """Let the process take hardly more memory than it has: beyond it the system refuses, whoever asks."""
    held = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmData")
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (held + MOST_EXTRA_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def total_of(parts: Sequence[Part]) -> float:
    """Every number that was read, added up, whatever the layout."""
    total = 0.0
    for part in parts:
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            if isinstance(value, pd.DataFrame):
                total += float(np.nansum(value.select_dtypes("number").to_numpy(dtype=float)))
            elif isinstance(value, np.ndarray):
                total += float(value.sum())
    return total


def read(folder: Path, name: str, content: bytes) -> Gathered:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / name).write_bytes(content)
    with little_memory():
        return gather(folder, silent, limits=LIMITS)


def check(folder: Path, original: Original, case: Spoilt) -> None:
    """Read an unspoilt table and the spoilt file, and compare."""
    right = total_of(read(folder, f"{original.name}.csv", original.text.encode()).parts)
    outcome = case.outcome
    try:
        found = read(folder, case.name, case.content)
    except WardcastError as error:
        assert outcome is not Outcome.SAME, str(error)
        assert case.name in str(error)
        assert error.problems
        assert all(problem.mend for problem in error.problems)
        return
    if found.left_aside or not found.parts:
        assert outcome not in {Outcome.SAME, Outcome.REFUSED}
        assert any(finding.file.startswith(case.name) for finding in found.findings)
        return
    total = total_of(found.parts)
    if outcome is Outcome.SHORTER:
        warned = any("does not end with a line break" in finding.message for finding in found.findings)
        assert warned or case.content.endswith(b"\n")
        assert total <= right
    else:
        assert outcome in {Outcome.SAME, Outcome.SAME_OR_NOT}
        assert total == pytest.approx(right, rel=1e-12)


def check_all(folder: Path, seeds: range, originals: Sequence[Original]) -> None:
    for seed in seeds:
        original, mutation, case = spoilt(seed, originals)
        try:
            check(folder, original, case)
        except BaseException as error:
            error.add_note(f"seed {seed}: {original.name}, {mutation}, to be {case.outcome}")
            raise


@pytest.mark.parametrize("first", range(0, FEW, AT_ONCE))
def test_a_spoilt_file_is_read_right_or_refused(first: int, originals: list[Original], tmp_path: Path) -> None:
    check_all(tmp_path, range(first, first + AT_ONCE), originals)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FEW, FEW + MANY, 5 * AT_ONCE))
def test_many_spoilt_files_are_read_right_or_refused(first: int, originals: list[Original], tmp_path: Path) -> None:
    check_all(tmp_path, range(first, first + 5 * AT_ONCE), originals)


def test_every_mutation_comes_among_the_few() -> None:
    assert len(MUTATIONS) < FEW / 5
    assert len({mutation.__name__ for mutation in MUTATIONS}) == len(MUTATIONS)
