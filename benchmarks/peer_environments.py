"""pins of a peer -> its virtual environment, and what that takes on disk. Owns packaging (requirements and markers).

An environment is made once and used again until its pins change. Nothing else in the project installs a peer.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINS = Path(__file__).resolve().parent / "peers"
FIRST = "torch"  # alone and before the rest, so that no other package chooses its build
STAMP = "installed.txt"  # the pins an environment was made from, written last


@dataclass(frozen=True)
class Footprint:
    """What the pins bring in, they and everything that they require."""

    packages: int
    megabytes: float


def read_pins(peer: str) -> list[str]:
    """Requirement lines of a peer, without comments. Raises SystemExit when it has no pin file."""
    path = PINS / f"{peer}.txt"
    if not path.is_file():
        raise SystemExit(f"{peer} is no peer: there is no {path.name} beside the others in benchmarks/peers.")
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


def environment(peer: str, folder: Path) -> Path:
    """The python of a peer's environment under ``folder``, made or renewed when its pins are not those on file."""
    pins, home = read_pins(peer), folder / peer
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = home / STAMP
    if python.exists() and stamp.exists() and stamp.read_text("utf-8").split() == pins:
        return python
    print(f"Installing {peer} in {home}; this takes minutes.", file=sys.stderr)
    venv.create(home, clear=True, with_pip=True)
    for part in ([pin for pin in pins if pin.startswith(f"{FIRST}==")], pins):
        done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", *part], check=False)
        if done.returncode:
            raise SystemExit(f"pip could not install {peer} (its words are above): delete {home} and try again.")
    stamp.write_text("\n".join(pins) + "\n", "utf-8")
    return python


def site_packages(python: Path) -> Path:
    """Where the packages of an environment lie."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip())


def footprint(requirements: Iterable[str], packages: Path) -> Footprint:
    """Number and size of the installed packages that the requirements lead to, through extras and markers.

    The size is that of the files that the packages list as theirs, compiled Python included. So an environment that
    holds more than what was asked for, pip or test tools, counts like one that does not.
    """
    installed: dict[str, Distribution] = {canonicalize_name(found.metadata["Name"]): found
                                          for found in distributions(path=[str(packages)])}
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in installed:  # optional on this system
            continue
        for extra in ("", *wanted.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for text in installed[name].requires or ():
                further = Requirement(text)
                if further.marker is None or further.marker.evaluate({"extra": extra}):
                    waiting.append(further)
    names = {name for name, _ in seen}
    size = sum(path.stat().st_size for name in names for path in _files(installed[name]))
    return Footprint(len(names), size / 1e6)


def _files(package: Distribution) -> Iterable[Path]:
    for file in package.files or ():
        path = Path(str(package.locate_file(file)))
        if path.is_file():
            yield path
