"""Generate the Python stubs in `service/wardcast/v1` from the protos beside this file.

`python protos/generate.py` regenerates; with `--check` it lints the protos and fails where the committed stubs are not
what they give.
"""

from __future__ import annotations

import argparse
import filecmp
import importlib.metadata
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import google.api
import grpc_tools
from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parent
PACKAGE = Path("wardcast") / "v1"
STUBS = PROTOS.parent / "service" / PACKAGE
GRPC_TOOLS = "1.85.0"
_INIT = '"""Generated from protos/wardcast/v1 by protos/generate.py: do not edit."""\n'


@contextmanager
def includes() -> Iterator[list[str]]:
    """Yield protoc's include options: the protos, Google's common ones, and protobuf's own.

    googleapis-common-protos names one file `operations_proto.proto` that has to be imported as `operations.proto`, so
    it is offered under that name from a temporary folder.
    """
    common = Path(next(iter(google.api.__path__))).parents[1]
    with tempfile.TemporaryDirectory(prefix="wardcast-protos-") as folder:
        target = Path(folder) / "google" / "longrunning" / "operations.proto"
        target.parent.mkdir(parents=True)
        shutil.copyfile(common / "google" / "longrunning" / "operations_proto.proto", target)
        bundled = Path(grpc_tools.__file__).parent / "_proto"
        yield [f"--proto_path={path}" for path in (PROTOS, folder, bundled, common)]


def run_protoc(*options: str, pattern: str = "*.proto") -> None:
    """Run protoc.

    Args:
        *options: Outputs wanted.
        pattern: Protos to run it on.

    Raises:
        SystemExit: The protos are wrong; protoc has said how.
    """
    files = sorted(str(path.relative_to(PROTOS)) for path in (PROTOS / PACKAGE).glob(pattern))
    with includes() as include_options:
        if protoc.main(["protoc", *include_options, *options, *files]) != 0:
            sys.exit("protoc refused the protos")


def generate(root: Path) -> None:
    """Write the stubs and their types.

    Args:
        root: Folder to hold `wardcast/v1`.
    """
    installed = importlib.metadata.version("grpcio-tools")
    if installed != GRPC_TOOLS:
        sys.exit(f"grpcio-tools {GRPC_TOOLS} is needed, {installed} is installed")
    root.mkdir(parents=True, exist_ok=True)
    plugins = Path(sys.executable).parent
    run_protoc(
        f"--plugin=protoc-gen-mypy={plugins / 'protoc-gen-mypy'}",
        f"--python_out={root}",
        f"--mypy_out=quiet:{root}",
    )
    run_protoc(
        f"--plugin=protoc-gen-mypy_grpc={plugins / 'protoc-gen-mypy_grpc'}",
        f"--grpc_python_out={root}",
        f"--mypy_grpc_out=quiet:{root}",
        pattern="*_service.proto",
    )
    (root / PACKAGE / "__init__.py").write_text(_INIT, encoding="utf-8")


def differences() -> list[str]:
    """Return the names of committed stubs that the protos do not give, and of those they give that are missing."""
    with tempfile.TemporaryDirectory(prefix="wardcast-stubs-") as folder:
        generate(Path(folder))
        fresh = Path(folder) / PACKAGE
        names = {path.name for side in (fresh, STUBS) for path in side.glob("*.py*")}
        same, _, _ = filecmp.cmpfiles(fresh, STUBS, names, shallow=False)
        return sorted(names - set(same))


def lint() -> int:
    """Lint the protos with buf, offline: buf is given the compiled protos, with Google's already found.

    Returns:
        Exit code of buf.
    """
    with tempfile.TemporaryDirectory(prefix="wardcast-lint-") as folder:
        image = Path(folder) / "image.binpb"
        run_protoc(f"--descriptor_set_out={image}", "--include_imports", "--include_source_info")
        command = [str(Path(sys.executable).parent / "buf"), "lint", str(image)]
        options = ["--config", str(PROTOS.parent / "buf.yaml"), "--path", PACKAGE.as_posix()]
        return subprocess.run([*command, *options], check=False).returncode  # noqa: S603 - all of it is ours


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Generate the Python stubs from the protos.")
    parser.add_argument("--check", action="store_true", help="lint, and fail where the committed stubs differ")
    if not parser.parse_args().check:
        shutil.rmtree(STUBS, ignore_errors=True)
        generate(STUBS.parents[1])
        return 0
    changed = differences()
    for name in changed:
        sys.stderr.write(f"{PACKAGE / name} is not what the protos give: run `make proto`\n")
    return lint() or bool(changed)


if __name__ == "__main__":
    sys.exit(main())
