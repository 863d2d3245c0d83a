"""a benchmark's figures -> one JSON file with machine, date and commit, and the newest one back."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"


def circumstances() -> dict[str, Any]:
    """When, on what and of which code a benchmark ran. The load tells how far to trust times that are no ratios."""
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S607
    return {"date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "commit": done.stdout.strip() or "unknown",
            "machine": f"{os.cpu_count()} cores ({platform.machine()}), no GPU", "python": sys.version.split()[0],
            "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else []}


def save(name: str, figures: dict[str, Any], folder: Path = RESULTS) -> Path:
    record = circumstances() | figures
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{record['date'].replace(':', '').replace('-', '')}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return path


def newest(name: str, folder: Path = RESULTS) -> dict[str, Any]:
    """The newest saved run; empty when there is none."""
    paths = sorted(folder.glob(f"{name}-*.json"))
    return json.loads(paths[-1].read_text("utf-8")) if paths else {}
