"""The command line's native libraries run one thread each, unless the user says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_SHOW = """\
import wardcast.cli.main
from threadpoolctl import threadpool_info
print(sorted({pool["num_threads"] for pool in threadpool_info()}))
"""


@pytest.mark.parametrize(("asked", "threads"), [(None, "[1]"), ("2", "[2]")])
def test_native_libraries_run_one_thread_or_as_many_as_the_user_asks_for(asked: str | None, threads: str) -> None:
    if asked and (os.cpu_count() or 1) < int(asked):
        pytest.skip("this machine has one core")
    env = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    env |= {"OMP_NUM_THREADS": asked} if asked else {}
    done = subprocess.run([sys.executable, "-c", _SHOW], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == threads
