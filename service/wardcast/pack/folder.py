"""Several files written to a folder together: all of them or none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardcast_models.errors import Problem, invalid_input


@contextmanager
def written_together(out_dir: Path, *, what: str) -> Iterator[Path]:
    """Give a draft folder whose files are moved to their place once all of them are finished.

    A reader never sees half a file, and a failure leaves earlier files as they were.

    Args:
        out_dir: The folder; made where it does not exist. Files of the same names are replaced.
        what: What is written, for the error, for example `The plan's files`.

    Yields:
        The draft folder, hidden beside the files' place.

    Raises:
        WardcastError: The folder cannot be written to.
    """
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out_dir, prefix=".pack-") as name:
            draft = Path(name)
            yield draft
            for path in sorted(draft.iterdir()):
                path.replace(out_dir / path.name)
    except OSError as error:
        raise invalid_input(
            f"{what} could not be written.",
            Problem(
                where=f"--out {out_dir}",
                expected="a folder that can be written to",
                found=error.strerror or str(error),
                mend="Choose another folder, or close the file where another program has it open.",
            ),
        ) from error
