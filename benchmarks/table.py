"""The tables of docs/benchmarks.md, made from the results."""

import json
from pathlib import Path
from typing import Any

from benchmarks.peer_process import ROOT
from benchmarks.recurrent import RESULT

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- made by: python -m benchmarks table -->", "<!-- end -->"
TITLES = {"forward": "Forward", "both": "Forward and backward"}
NAMES = {
    "rnncore_numpy": "rnncore",
    "torch_nn": "torch.nn",
    "keras_layers": "Keras 3 (torch)",
    "equinox_scan": "JAX, Equinox",
}


def render(found: dict[str, Any]) -> str:
    """Return the measured part of the page."""
    machine, peers = found["machine"], found["plan"]["peers"]
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    where = f"{machine['processor']}, threads: {machine['threads']}, Python {machine['python']}"
    parts = [f"{where}, {versions}."]
    for mode, title in TITLES.items():
        parts.append(f"### {title}: milliseconds, and the ratio to torch\n")
        parts.append(_rows(found, peers, lambda entry, peer, mode=mode: _time(entry[mode], peer)))
    if all("peak_bytes" in entry for entry in found["points"].values()):
        parts.append("### Growth of memory, forward and backward: MB, and the ratio to torch\n")
        parts.append(_rows(found, peers, _memory))
    parts.append("### Forward and backward, rnncore to torch\n")
    lines = ["| cell | geometric mean | worst point |", "|---|---|---|"]
    lines += [
        f"| {cell.upper()} | {one['geometric_mean']:.2f} | {one['worst']:.2f} |"
        for cell, one in found["summary"].items()
    ]
    parts.append("\n".join(lines))
    return "\n\n".join(part.strip("\n") for part in parts)


def _rows(found: dict[str, Any], peers: list[str], show: Any) -> str:
    head = ["cell", "seq, batch, input, hidden", *(NAMES[peer] for peer in peers)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for key, entry in found["points"].items():
        cell, *point = key.split()
        cells = [cell.upper(), ", ".join(point), *(show(entry, peer) for peer in peers)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _time(entry: dict[str, Any], peer: str) -> str:
    ratio = entry["ratio_to_torch"][peer]
    shown = f"{1e3 * entry['seconds'][peer]['median']:.2f}"
    if peer == "torch_nn":
        return shown
    return f"{shown} ({ratio['median']:.2f}, {ratio['low']:.2f} to {ratio['high']:.2f})"


def _memory(entry: dict[str, Any], peer: str) -> str:
    grown, base = entry["peak_bytes"][peer], entry["peak_bytes"]["torch_nn"]
    shown = f"{grown / 1e6:.1f}"
    # Below a megabyte the pages of the allocator are measured, not the arrays.
    return shown if peer == "torch_nn" or base < 1e6 else f"{shown} ({grown / base:.2f})"


def page(text: str, found: dict[str, Any]) -> str:
    """Put the measured part between its marks in the page."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{render(found)}\n\n{END}{after}"


def write(result: Path = RESULT, target: Path = PAGE) -> None:
    """Renew the page."""
    found = json.loads(result.read_text(encoding="utf-8"))
    target.write_text(page(target.read_text(encoding="utf-8"), found), encoding="utf-8")
