"""Every measurement in turn: the one command `make bench`. Each saves its figures under benchmarks/results and writes its table.

    python benchmarks/bench.py [--index index] [--only ask embedding ...]

What needs more than the checkout is left out, with the reason, where that is absent: peers their environments (`make
peers` makes them), readers nginx, scale an index of real passages (benchmarks/scale.py says how). Nothing here is a
test: times are read, not asserted.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def plan(index: Path) -> dict[str, tuple[list[str], str]]:
    """name -> command, and why it cannot run ("" when it can)."""
    queries = ROOT.parent / "shared" / "benchmarks" / "scifact"
    base = index / "scale"
    given = ["--index", str(index)]
    return {
        "ask": (["ask.py", *given, "--write"], ""),
        "embedding": (["embedding.py", *given], ""),
        "build": (["build.py", *given, "--write"], ""),
        "load": (["load.py", *given, "--write"], ""),
        "readers": (["readers.py", *given, "--write"], "" if shutil.which("nginx") else "Debian's nginx is not installed"),
        "scale": (["scale.py", "--from", str(base), "--queries", str(queries)],
                  "" if base.is_dir() else f"no index of real passages is at {base}: benchmarks/scale.py says how to make one"),
        "peers": (["peers.py", "--index", str(index), "--environments", ".peers"],
                  "" if (ROOT / ".peers").is_dir() else "the peers are not installed: run `make peers`"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--only", nargs="+", choices=list(plan(Path())))
    options = parser.parse_args()
    failed = []
    for name, (command, missing) in plan(options.index).items():
        if options.only and name not in options.only:
            continue
        print(f"== {name}" + (f": left out, {missing}" if missing else ""), flush=True)
        line = [sys.executable, str(HERE / command[0]), *command[1:]]
        if not missing and subprocess.run(line, cwd=ROOT, check=False).returncode:
            failed.append(name)
    raise SystemExit(f"Not done: {', '.join(failed)}." if failed else 0)


if __name__ == "__main__":
    main()
