"""The committed stubs are what the protos give, and the protos keep the style they promise."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def generate(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, folder / "protos" / "generate.py", *options], capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "protos", tmp_path / "protos")
    shutil.copytree(ROOT / "service" / "wardcast" / "v1", tmp_path / "service" / "wardcast" / "v1")
    shutil.copyfile(ROOT / "buf.yaml", tmp_path / "buf.yaml")
    return tmp_path


def test_the_committed_stubs_are_up_to_date_and_the_protos_pass_the_linter() -> None:
    checked = generate(ROOT, "--check")
    assert checked.returncode == 0, checked.stderr + checked.stdout


def test_a_changed_proto_is_noticed_until_the_stubs_are_generated_again(copy: Path) -> None:
    proto = copy / "protos" / "wardcast" / "v1" / "error.proto"
    proto.write_text(proto.read_text() + "\n// Something new.\nmessage Novelty {}\n")
    checked = generate(copy, "--check")
    assert checked.returncode != 0
    assert "error_pb2.py is not what the protos give" in checked.stderr
    assert generate(copy).returncode == 0
    assert generate(copy, "--check").returncode == 0


def test_a_field_without_a_comment_is_refused(copy: Path) -> None:
    proto = copy / "protos" / "wardcast" / "v1" / "error.proto"
    proto.write_text(proto.read_text().replace("  // What would have been right.\n", ""))
    generate(copy)
    checked = generate(copy, "--check")
    assert checked.returncode != 0
    assert '"expected" should have a non-empty comment' in checked.stdout


def test_a_stub_that_nothing_gives_is_noticed(copy: Path) -> None:
    (copy / "service" / "wardcast" / "v1" / "left_over_pb2.py").write_text("")
    assert "left_over_pb2.py" in generate(copy, "--check").stderr
