"""Pin every dependency anew: exact versions, hashes of all wheels, one file for Python 3.11 to 3.13 on three systems.

Needs `uv` on the path (or its path as the first argument). Usage: python packaging/lock.py [path of uv]
The files are read by packaging/dev.py. They hold no index address: each machine uses the index its pip is set up with.
"""

import shutil
import subprocess
import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
# Each file repeats the pins of those before it, so that an environment is described by one file.
LOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("requirements-run.txt", ("build",)),
    ("requirements-dev.txt", ("build", "dev")),
    ("requirements-bundle.txt", ("build", "dev", "bundle")),
)
# Optional parts of the program that are tested, with the group that brings them.
EXTRAS = {"dev": "dask"}


def compile_command(uv: str, name: str, groups: tuple[str, ...], constraints: tuple[str, ...]) -> list[str]:
    """Return the command that writes the lock file `name` from pyproject.toml."""
    command = [uv, "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--fork-strategy", "fewest", "--only-binary", ":all:", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    for group in groups:
        command += ["--group", group]
        if group in EXTRAS:
            command += ["--extra", EXTRAS[group]]
    for constraint in constraints:
        command += ["--constraint", f"packaging/{constraint}"]
    return [*command, "--upgrade", "--output-file", f"packaging/{name}"]


def main() -> int:
    """Write the lock files; return the exit status."""
    uv = sys.argv[1] if len(sys.argv) > 1 else shutil.which("uv")
    if uv is None:
        print("uv was not found. Install it (pip install uv) or give its path: python packaging/lock.py PATH")
        return 2
    done: tuple[str, ...] = ()
    for name, groups in LOCKS:
        subprocess.run(compile_command(uv, name, groups, done), cwd=PACKAGING.parent, check=True)
        print(f"wrote packaging/{name}")
        done = (*done, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
