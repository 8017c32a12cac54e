"""The wheel installs and runs away from the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_both_packages_and_their_tables_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert top == {"wardcast", "wardcast_models"}
    assert "wardcast_models/reference/taxonomy.csv" in names
    assert any(name.startswith("wardcast/pack/templates/") for name in names)


@pytest.mark.slow
def test_a_clean_environment_installs_the_wheel_and_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel)], check=True, timeout=900)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("WARDCAST_", "PYTHON"))}
    done = subprocess.run(
        [str(environment / "bin" / "wardcast"), "demo", "--out", "demo"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "SYNTHETIC" in done.stdout
    assert (tmp_path / "demo" / "report.html").stat().st_size > 10_000
