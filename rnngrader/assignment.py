"""A unit as the instructor wrote it: cells by role, what is allowed, and which version it is."""

import ast
import hashlib
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

import rnncore
from rnngrader.errors import GradingRefused
from rnngrader.sandbox.session import Limits


class Role(StrEnum):
    """What a cell of the instructor's notebook is for."""

    TEXT = "text"  # prose; shown
    SETUP = "setup"  # locked code; runs on both sides
    SOLUTION = "solution"  # the learner's source takes its place; runs in the sandbox
    TEST = "test"  # graded automatically; runs in the judge
    MANUAL = "manual"  # the learner's answer takes its place; a person grades it


@dataclass(frozen=True)
class InstructorCell:
    """One cell of the instructor's notebook.

    Attributes:
        public: the source a learner may see: without solution, hidden tests and mark scheme.
        points: what the cell is worth, 0 where nothing is graded.
        named: whether nbgrader knows the cell; other cells get an id here.
    """

    id: str
    role: Role
    kind: str
    source: str
    public: str
    points: float = 0.0
    named: bool = True


@dataclass(frozen=True)
class Assignment:
    """A unit, ready to grade; plain data that can be sent to a worker."""

    unit: str
    title: str
    page: str
    cells: tuple[InstructorCell, ...]
    modules: tuple[str, ...]
    limits: Limits
    version: str

    @property
    def learner_names(self) -> dict[str, str]:
        """Names that the solution cells define, each with the id of its cell."""
        return {
            node.name: cell.id
            for cell in self.cells
            if cell.role is Role.SOLUTION and cell.kind == "code"
            for node in ast.parse(cell.source).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }

    @property
    def max_score(self) -> float:
        """Points of the whole unit, those a person gives included."""
        return sum(cell.points for cell in self.cells)


def load_assignment(folder: Path, config: Config | None = None) -> Assignment:
    """Read `solutions/<unit>/`: the notebook named as the unit, and its `unit.toml`.

    Args:
        folder: the unit's source folder.
        config: nbgrader's settings, for solution and hidden-test delimiters and code stubs.

    Raises:
        GradingRefused: if the folder is no unit, naming the units there are, or the notebook
            breaks a rule that grading relies on.
    """
    path = folder / f"{folder.name}.ipynb"
    if not path.is_file():
        known = sorted(p.parent.name for p in folder.parent.glob("*/*.ipynb"))
        raise GradingRefused(
            f"Expected a unit of {known or 'none yet'} (in {folder.parent}), got {folder.name!r}."
        )
    raw = path.read_bytes()
    manifest_path = folder / "unit.toml"
    manifest_raw = manifest_path.read_bytes() if manifest_path.is_file() else b""
    manifest = tomllib.loads(manifest_raw.decode())
    version = hashlib.sha256(b"\0".join((raw, manifest_raw, grader_version().encode())))
    return Assignment(
        unit=folder.name,
        title=str(manifest.get("title", folder.name)),
        page=str(manifest.get("page", "")),
        cells=_read_cells(raw.decode(), config or Config()),
        modules=tuple(manifest.get("modules", ["numpy"])),
        limits=_limits(manifest.get("limits", {}), manifest_path),
        version=version.hexdigest()[:16],
    )


def _limits(table: dict[str, Any], path: Path) -> Limits:
    known = {field.name for field in fields(Limits)}
    if unknown := sorted(set(table) - known):
        raise GradingRefused(f"Expected limits of {sorted(known)} in {path}, got {unknown}.")
    return Limits(**table)


def _read_cells(text: str, config: Config) -> tuple[InstructorCell, ...]:
    source = nbformat.reads(text, as_version=4)
    released = nbformat.reads(text, as_version=4)
    for preprocessor in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
        released, _ = preprocessor(config=config).preprocess(released, {})
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
    """A short hash of all code that decides a grade: this package and the reference."""
    digest = hashlib.sha256()
    for root in (Path(__file__).parent, Path(rnncore.__file__).parent):
        for path in sorted((*root.rglob("*.py"), *root.rglob("*.toml"))):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
