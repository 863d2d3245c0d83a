"""a module of ours and its arguments -> a process of its own, which finds the package that this one runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def start(module: str, *arguments: str, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
    """``python -m MODULE ARGUMENTS``. ``env``: variables beside those of this process; ``options``: those of ``Popen``."""
    package = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join(path for path in (package, os.environ.get("PYTHONPATH", "")) if path)
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env={**os.environ, "PYTHONPATH": paths, **(env or {})},
                            **options)
