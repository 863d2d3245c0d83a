"""assistant/ -> its packages with files and lines, and who imports whom: python docs/import_graph.py

    --modules PACKAGE    the modules of one package with their imports; --dot    the same graph for Graphviz
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "assistant"
TOP = "(top)"  # the modules of the package itself


def module_name(path: Path) -> str:
    """assistant/index/bm25.py -> index.bm25"""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def package_of(name: str) -> str:
    first, _, rest = name.partition(".")
    return first if rest or (ROOT / first).is_dir() else TOP


def imported(path: Path, known: set[str]) -> set[str]:
    """The modules of ours that a file imports, at any depth of the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.removeprefix("assistant.") for name in names} & known


def graph() -> tuple[dict[str, set[str]], dict[str, int]]:
    """Module -> modules that it imports, and module -> its lines."""
    paths = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}
    return ({name: imported(path, set(paths)) - {name} for name, path in paths.items()},
            {name: len(path.read_text("utf-8").splitlines()) for name, path in paths.items()})


def by_package(modules: dict[str, set[str]]) -> dict[str, Counter[str]]:
    """Package -> how many of its modules import each other package."""
    edges: dict[str, Counter[str]] = defaultdict(Counter)
    for name, targets in modules.items():
        edges[package_of(name)].update({package_of(target) for target in targets} - {package_of(name)})
    return edges


def order(edges: dict[str, Counter[str]]) -> list[str]:
    """Packages so that each stands above those that it imports."""
    below = {name: {other for other in edges[name] if other != TOP} for name in edges if name != TOP}
    ordered: list[str] = []
    while below:
        free = sorted(name for name, others in below.items() if not others & below.keys()) or sorted(below)[:1]
        ordered += free
        for name in free:
            del below[name]
    return [*ordered[::-1], TOP]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--modules", metavar="PACKAGE", help="the modules of one package with what they import")
    options.add_argument("--dot", action="store_true", help="print the graph of packages for Graphviz")
    given = options.parse_args()
    modules, lines = graph()
    if given.modules:
        for name in sorted(name for name in modules if package_of(name) == given.modules):
            print(f"{name:36}{lines[name]:>5}  {' '.join(sorted(modules[name]))}")
        return
    edges = by_package(modules)
    if given.dot:
        arrows = [f'  "{name}" -> "{other}";' for name in order(edges) for other in sorted(edges[name])]
        print("digraph assistant {", *arrows, "}", sep="\n")
        return
    print(f"{'package':<12}{'files':>6}{'lines':>7}{'longest':>9}  imports (by so many of its modules)")
    for name in order(edges):
        counts = [lines[module] for module in modules if package_of(module) == name]
        print(f"{name:<12}{len(counts):>6}{sum(counts):>7}{max(counts):>9}  "
              + ", ".join(f"{other} {count}" for other, count in edges[name].most_common()))
    print(f"{'all':<12}{len(lines):>6}{sum(lines.values()):>7}{max(lines.values()):>9}")


if __name__ == "__main__":
    main()
