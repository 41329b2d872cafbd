"""`make release`: make `exercises/` from `solutions/` with nbgrader, the same bytes every time."""

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tools.console import say, stop
from tools.environment import clean_environment
from tools.leaks import find_leaks
from tools.machine import BUILD, ROOT

SOURCE = "solutions"
RELEASE = "exercises"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# Of a cell's metadata, only what nbgrader reads, and what a notebook page can show.
KEPT_METADATA = ("nbgrader", "tags")


def units(root: Path) -> list[str]:
    """List the units that have a source notebook of their own name."""
    return sorted(path.parent.name for path in (root / SOURCE).glob("*/*.ipynb") if _is_unit(path))


def build(root: Path, destination: Path) -> list[str]:
    """Write the release of every unit below `destination`; return the units."""
    names = units(root)
    with tempfile.TemporaryDirectory(prefix="rnn-release-") as name:
        course = Path(name)
        shutil.copytree(root / SOURCE, course / SOURCE, ignore=_left_behind)
        if names:
            _generate(root, course, names)
        for unit in names:
            _publish(course, unit, destination / unit)
    return names


def canonical(notebook: dict[str, Any], source: str, digest: str) -> str:
    """Write a notebook in the one form that does not depend on who saved it, and when."""
    cells = [_canonical_cell(cell) for cell in notebook["cells"]]
    metadata = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "rnn_course": {"generated_from": source, "sha256": digest},
    }
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def differences(fresh: Path, committed: Path) -> list[str]:
    """Name the files that are missing, additional or different in the committed release."""
    old, new = _contents(committed), _contents(fresh)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def main(arguments: list[str]) -> int:
    """Make the release, or with --check compare it with what is there."""
    parser = argparse.ArgumentParser(prog="make release", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args(arguments).check
    with tempfile.TemporaryDirectory(prefix="rnn-release-") as name:
        fresh = Path(name)
        names = build(ROOT, fresh)
        _refuse_leaks(names, fresh)
        changed = differences(fresh, ROOT / RELEASE)
        if check and changed:
            stop(f"{RELEASE}/ is not what {SOURCE}/ gives: {', '.join(changed)}. Run: make release")
        if not check:
            _replace(fresh, ROOT / RELEASE, changed)
    say(f"{RELEASE}/: {len(names)} unit(s), {len(changed)} file(s) changed")
    return 0


def _is_unit(path: Path) -> bool:
    return path.stem == path.parent.name


def _left_behind(_directory: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith(".") or name == "__pycache__"}


def _generate(root: Path, course: Path, names: list[str]) -> None:
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    if not shutil.which("alembic"):
        # nbgrader starts this program by its bare name to make a gradebook.
        os.environ["PATH"] = clean_environment()["PATH"]
    settings = root / "nbgrader_config.py"
    config = (
        Config(PyFileConfigLoader(str(settings)).load_config()) if settings.exists() else Config()
    )
    for name in names:
        config.CourseDirectory.root = str(course)
        config.CourseDirectory.source_directory = SOURCE
        config.CourseDirectory.release_directory = RELEASE
        config.CourseDirectory.db_url = f"sqlite:///{course}/release.db"
        config.CourseDirectory.assignment_id = name
        config.GenerateAssignment.create_assignment = True
        where = CourseDirectory(config=config)
        try:
            GenerateAssignment(coursedir=where, config=config).start()
        except NbGraderException:
            stop(f"nbgrader could not release {name}; its own lines above say why.")


def _publish(course: Path, unit: str, destination: Path) -> None:
    made = course / RELEASE / unit
    for path in sorted(made.rglob("*")):
        target = destination / path.relative_to(made)
        if path.is_dir():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":
            source = f"{SOURCE}/{unit}/{path.relative_to(made).as_posix()}"
            digest = hashlib.sha256((course / source).read_bytes()).hexdigest()
            notebook = json.loads(path.read_text(encoding="utf-8"))
            target.write_text(canonical(notebook, source, digest), encoding="utf-8")
        else:
            target.write_bytes(path.read_bytes())


def _canonical_cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    kept = {key: cell["metadata"][key] for key in KEPT_METADATA if key in cell["metadata"]}
    result = {
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": kept,
        "source": text.splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        result |= {"execution_count": None, "outputs": []}
    return result


def _contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def _refuse_leaks(names: list[str], fresh: Path) -> None:
    leaks = [leak for unit in names for leak in find_leaks(ROOT / SOURCE / unit, fresh / unit)]
    if leaks:
        shown = "; ".join(f"{leak.path.name}: {leak.line}" for leak in leaks[:5])
        stop(f"The release would give away {len(leaks)} line(s), so nothing was written: {shown}")


def _replace(fresh: Path, committed: Path, changed: list[str]) -> None:
    """Write what changed; what it replaces may be somebody's work, so it is kept."""
    kept = BUILD / "replaced" / time.strftime("%Y%m%d-%H%M%S")
    for name in changed:
        old, new = committed / name, fresh / name
        if old.exists():
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old, kept / name)
        if new.exists():
            old.parent.mkdir(parents=True, exist_ok=True)
            partial = old.with_name(f".{old.name}.partial")
            shutil.copyfile(new, partial)
            partial.replace(old)
        else:
            old.unlink()
    if kept.exists():
        say(f"What was there before is kept in {kept.relative_to(ROOT)}/")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
