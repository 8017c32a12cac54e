"""The study of carrying between ward sets: what it measures is what was put in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import study_carry


def moved(*, error: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Crimes of 200 wards that halve, each ward's true share off by `error` times sqrt(s (1 - s))."""
    random = np.random.default_rng(seed)
    start = np.full(200, 4_000)
    true = np.clip(0.5 + error * 0.5 * random.choice([-1.0, 1.0], size=200), 0.0, 1.0)
    first = random.binomial(start, true)
    return start[:, None].astype(float), np.stack([first, start - first], axis=1).reshape(-1, 1).astype(float)


@pytest.mark.parametrize("error", [0.0, 0.2, 0.6])
def test_the_error_of_a_share_is_found_beside_chance(error: float) -> None:
    shares = np.kron(np.eye(200), [0.5, 0.5])
    start, end = moved(error=error, seed=1)
    assert study_carry.share_errors(start, end, shares)[0] == pytest.approx(error, abs=0.02)


def test_another_total_is_no_error_of_the_shares() -> None:
    shares = np.array([[1.0, 0.0], [0.25, 0.75]])
    start = np.array([[100.0], [400.0]])
    assert study_carry.share_errors(start, 1.1 * shares.T @ start, shares)[0] == 0


def test_a_size_of_which_there_is_no_category_is_refused_and_makes_no_row_without_a_figure() -> None:
    cells = np.ones((2, 1, 3))
    direction = study_carry.Direction(
        name="WD18 to WD22",
        categories=("robbery_personal",),
        carried=cells,
        published=cells,
        relative_sd=cells[:, :, 0],
        monthly=np.array([1.0]),
        share_error=np.array([0.1]),
    )
    with pytest.raises(ValueError, match=r"No category has from 0 to 0\.5 crimes a month"):
        study_carry.rows_of((direction, direction), "measured here")


def test_a_folder_without_two_ward_sets_is_told(capsys: pytest.CaptureFixture[str], sample_dir: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["study_carry.py", "--data", str(sample_dir)])
        assert study_carry.main() == 1
    assert "two ward sets with a lookup between them" in capsys.readouterr().err
