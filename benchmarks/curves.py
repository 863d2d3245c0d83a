"""figures of the scale run -> docs/pictures/scale.svg: time to search, memory and recall by number of passages."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "scale.svg"
WIDTH, HEIGHT, EDGE = 250, 190, 48
PANELS = (("search, ms (logarithmic)",
           (("codes, ms p50", "codes"), ("keywords, ms p50", "keywords"), ("flat, ms p50", "flat")), True),
          ("memory, MB", (("resident, MB", "resident"), ("of it private, MB", "of it private")), False),
          ("recall@10 against flat", (("recall@10", "recall@10"),), False))
SHOWN = ("open, s", "resident, MB", "of it private, MB", "disk, MB", "codes, ms p50", "codes, ms p95", "keywords, ms p50",
         "both, with full comparison, ms p50", "ten passages proved, ms p50", "flat, ms p50", "recall@10")
COLOURS = ("#1b4965", "#b5542b", "#5f7a3a")


def as_lines(runs: list[dict[str, Any]]) -> list[str]:
    """Saved runs as they stand in docs/scaling.md."""
    lines = [f"joined against real vectors: cosine {run['derived against real vectors']['median']:.2f} in the middle, "
             f"{run['derived against real vectors']['lowest']:.2f} at the lowest" for run in runs[:1]]
    for run in runs:
        for size, found in run["sizes"].items():
            what = "vectors only" if found.get("only codes") else "whole generation"
            lines.append(f"{int(size):9,} passages, {what}, {run['date'][:10]}, load {run['load'][0]}")
            lines += [f"    {key:36} {found[key]:>10}" for key in SHOWN if key in found]
            lines += [f"    {probed:>4} lists: recall@10 {entry['recall@10']:.3f} at {entry['ms p50']} ms"
                      for probed, entry in found.get("lists", {}).items()]
    return lines


def merged(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The sizes of several runs in one, smallest first."""
    sizes = {size: found for run in runs for size, found in run["sizes"].items()}
    return {"sizes": dict(sorted(sizes.items(), key=lambda item: int(item[0])))}


def _shown(key: str, figures: dict[str, Any]) -> bool:
    """The memory of vectors alone says nothing beside that of whole generations."""
    return key in figures and not (figures.get("only codes") and "MB" in key)


def draw(record: dict[str, Any]) -> None:
    sizes = {int(size): figures for size, figures in record["sizes"].items()}
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * (WIDTH + EDGE)} {HEIGHT + 90}" font-family="sans-serif" '
             f'font-size="11"><title>Search, memory and recall at {", ".join(f"{size:,}" for size in sizes)} passages</title>'
             '<rect width="100%" height="100%" fill="white"/>']
    for panel, (title, lines, logarithmic) in enumerate(PANELS):
        left, top = panel * (WIDTH + EDGE) + EDGE, 28
        values = [figures[key] for key, _ in lines for figures in sizes.values() if _shown(key, figures)]
        low, high = (0.9, 1.0) if "recall" in title else (min(values), max(values)) if logarithmic else (0, max(values))

        def y(value: float, low: float = low, high: float = high, logarithmic: bool = logarithmic, top: int = top) -> float:
            share = (math.log(value / low) / math.log(high / low)) if logarithmic else (value - low) / ((high - low) or 1)
            return top + HEIGHT - 20 - share * (HEIGHT - 30)

        parts.append(f'<text x="{left}" y="16" font-weight="bold">{title}</text>'
                     f'<path d="M{left} {top}V{top + HEIGHT - 10}H{left + WIDTH - 20}" fill="none" stroke="#888"/>')
        for at, size in enumerate(sizes):
            x = left + 20 + at * (WIDTH - 70) / max(1, len(sizes) - 1)
            parts.append(f'<text x="{x}" y="{top + HEIGHT + 6}" text-anchor="middle">{size:,}</text>')
        for number, (key, label) in enumerate(lines):
            points = [(left + 20 + at * (WIDTH - 70) / max(1, len(sizes) - 1), y(figures[key]), figures[key])
                      for at, figures in enumerate(sizes.values()) if _shown(key, figures)]
            colour = COLOURS[number]
            path = " ".join(f"{x:.1f},{at:.1f}" for x, at, _ in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{at:.1f}" r="3" fill="{colour}"/><text x="{x + 5:.1f}" y="{at - 5:.1f}" '
                      f'fill="{colour}">{value:g}</text>' for x, at, value in points]
            parts.append(f'<text x="{left}" y="{top + HEIGHT + 22 + 13 * number}" fill="{colour}">{label}</text>')
    PICTURE.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")
