"""Read a unit from the instructor's folder: its notebook, its `unit.toml`, its version."""

import hashlib
import json
import tomllib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

import rnncore
from rnngrader.assignment import Assignment, InstructorCell, Role
from rnngrader.errors import GradingRefused
from rnngrader.sandbox.program import Limits

DECIDING = (
    *(f"{name}.py" for name in ("assignment", "judge", "judging", "loading", "rebuild", "remote",
                                "submission", "verdict", "wire")),
    "sandbox/**/*.py",
    "checks/**/*.py",
    "messages/checks*.toml",
    "messages/checks/*.toml",
    "messages/grading.*.toml",
)  # fmt: skip

# Bounds of a manifest's limits; for all others 1 and 86,400.
MINIMUM = {"call_s": 0.1, "load_s": 0.1, "question_s": 0.1, "submission_s": 0.1, "cpu_s": 0,
           "disk_mb": 0, "processes": 0, "open_files": 16}  # fmt: skip
MAXIMUM = {"processes": 0, "reply_mb": 64, "open_files": 1024, "memory_mb": 1 << 20}


def load_assignment(source: Path, unit: str, config: Config | None = None) -> Assignment:
    """Read `solutions/<unit>/`: the notebook named as the unit, and its `unit.toml`.

    Args:
        source: the folder with all units.
        unit: name of one of them.
        config: nbgrader's settings, for solution and hidden-test delimiters and code stubs.

    Raises:
        GradingRefused: if the folder is no unit, naming the units there are, or the notebook
            breaks a rule that grading relies on.
    """
    known = sorted(p.stem for p in source.glob("*/*.ipynb") if p.stem == p.parent.name)
    if unit not in known:
        raise GradingRefused(
            f"Expected a unit of {', '.join(known) or 'none yet'} (in {source}), got {unit!r}."
        )
    raw = (source / unit / f"{unit}.ipynb").read_bytes()
    manifest_path = source / unit / "unit.toml"
    manifest = read_manifest(manifest_path)
    # What late work costs is no reason to judge again: it is applied to marks, not to verdicts.
    deciding = {name: value for name, value in manifest.items() if name != "late"}
    told = json.dumps(deciding, sort_keys=True, default=str).encode()
    content = hashlib.sha256(raw + b"\0" + told).hexdigest()
    return Assignment(
        unit=unit,
        title=str(manifest.get("title", unit)),
        page=str(manifest.get("page", "")),
        cells=_read_cells(source / unit / f"{unit}.ipynb", raw, config or Config()),
        modules=tuple(manifest.get("modules", ["numpy"])),
        limits=_limits(manifest.get("limits", {}), manifest_path),
        version=f"{content[:16]}.{grader_version()}",
    )


def read_manifest(path: Path) -> dict[str, Any]:
    """What a unit's `unit.toml` says; nothing if there is none.

    Raises:
        GradingRefused: with the file and the place, if it cannot be read.
    """
    try:
        manifest = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GradingRefused(f"The file {path} is not valid TOML: {error}.") from None
    for name in ("limits", "late"):
        if not isinstance(manifest.get(name, {}), dict):
            raise GradingRefused(f"Expected [{name}] to be a table in {path}.")
    modules = manifest.get("modules", [])
    if not isinstance(modules, list) or not all(isinstance(name, str) for name in modules):
        raise GradingRefused(f'Expected modules to be a list such as ["numpy"] in {path}.')
    return manifest


def _limits(table: dict[str, Any], path: Path) -> Limits:
    known = {field.name for field in fields(Limits)}
    if unknown := sorted(set(table) - known):
        raise GradingRefused(f"Expected limits of {sorted(known)} in {path}, got {unknown}.")
    for name, value in table.items():
        least, most = MINIMUM.get(name, 1), MAXIMUM.get(name, 86_400)
        is_time = name.endswith("_s")
        is_number = isinstance(value, (int, float) if is_time else int)
        if isinstance(value, bool) or not is_number or not least <= value <= most:
            kind = "number" if is_time else "whole number"
            raise GradingRefused(
                f"Expected the limit {name} to be a {kind} from {least} to {most} in {path}, "
                f"got {value!r}."
            )
    return Limits(**table)


def _read_cells(path: Path, raw: bytes, config: Config) -> tuple[InstructorCell, ...]:
    try:
        source = nbformat.reads(raw.decode(), as_version=4)
        released = nbformat.reads(raw.decode(), as_version=4)
        for preprocessor in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
            released, _ = preprocessor(config=config).preprocess(released, {})
    except (ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
        why = str(error)[:200].strip()
        raise GradingRefused(f"The notebook {path} cannot be read: {why}.") from None
    cells = [
        _read_cell(cell, public, index)
        for index, (cell, public) in enumerate(zip(source.cells, released.cells, strict=True))
    ]
    ids = [cell.id for cell in cells]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise GradingRefused(f"Expected different nbgrader ids in every cell, got twice: {twice}.")
    return tuple(cells)


def _read_cell(cell: Any, public: Any, index: int) -> InstructorCell:
    meta = cell.metadata.get("nbgrader", {})
    graded, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    if meta.get("task") or (graded and solution):
        role = Role.MANUAL
    elif graded:
        role = Role.TEST
    elif solution:
        role = Role.SOLUTION
    elif cell.cell_type == "code":
        if not meta.get("locked"):
            raise GradingRefused(
                f"Expected every code cell to be locked, a solution or a test; cell {index} is "
                f"none: {cell.source[:40]!r}."
            )
        role = Role.SETUP
    else:
        role = Role.TEXT
    points = float(meta.get("points", 0)) if role in (Role.TEST, Role.MANUAL) else 0.0
    name = str(meta.get("grade_id", f"text-{index}"))
    named = "grade_id" in meta
    return InstructorCell(name, role, cell.cell_type, cell.source, public.source, points, named)


@cache
def grader_version() -> str:
    """A short hash of all code that decides a grade: the reference and the parts of `DECIDING`.

    What only moves, counts or shows verdicts is not in it: a new report regrades nobody.
    """
    digest = hashlib.sha256()
    package, reference = Path(__file__).parent, Path(rnncore.__file__).parent
    for root, patterns in ((package, DECIDING), (reference, ("**/*.py",))):
        for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
