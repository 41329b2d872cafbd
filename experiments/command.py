"""The command: choose experiments, make the runs that are missing, write the files."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments import (
    agreement,
    bottleneck,
    copy_memory,
    forget_bias,
    reversal,
    store,
    table,
    tbptt_windows,
)
from experiments.messages import say
from experiments.plan import SEEDS, Experiment

MODULES = (
    agreement,
    forget_bias,
    copy_memory,
    tbptt_windows,
    reversal,
    bottleneck,
)
EXPERIMENTS: dict[str, Experiment] = {
    module.EXPERIMENT.name: module.EXPERIMENT for module in MODULES
}
QUICK = Path("build") / "experiments"
WRONG_USE, STALE, INTERRUPTED = 2, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _options(arguments)
    if options.name == "table":
        return _table(options.out, check=options.check)
    if options.seeds < 1:
        return _refuse(say("few", seeds=options.seeds))
    names = list(EXPERIMENTS) if options.name == "all" else [options.name]
    if names[0] not in EXPERIMENTS:
        known = ", ".join([*EXPERIMENTS, "all", "table"])
        return _refuse(say("unknown", names=known, name=options.name))
    for name in names:
        experiment = EXPERIMENTS[name]
        command = f"python -m experiments {name}"
        if options.quick:
            experiment, command = experiment.in_short(), f"{command} --quick"
        if options.seeds != SEEDS:
            command = f"{command} --seeds {options.seeds}"
        path = options.out / f"{name}.json"
        if options.fresh:
            path.unlink(missing_ok=True)
        try:
            complete(experiment, path, options.seeds, command)
        except store.OtherSettingsError:
            return _refuse(say("settings", path=path))
        except KeyboardInterrupt:
            print(say("stopped", command=command))
            return INTERRUPTED
    return 0


def complete(experiment: Experiment, path: Path, seeds: int, command: str) -> None:
    """Make the runs that the file does not hold yet; the file is written after each, else never.

    One seed after the other, each over all conditions: stopped at any time, seeds are balanced.

    Raises:
        OtherSettingsError: if the file holds runs with other settings.
    """
    runs = store.read(path, experiment)
    there = [(run["condition"], run["seed"]) for run in runs]
    wanted = [(condition, seed) for seed in range(seeds) for condition in experiment.conditions]
    missing = [pair for pair in wanted if pair not in there]
    print(say("started", name=experiment.name, done=len(wanted) - len(missing), total=len(wanted)))
    for number, (condition, seed) in enumerate(missing, start=len(wanted) - len(missing) + 1):
        run = once(experiment, condition, seed)
        runs.append(run)
        store.write(path, experiment, runs, command)
        told = "  ".join(f"{axis}={value}" for axis, value in condition.items())
        values = {"number": number, "total": len(wanted), "condition": told, "seed": seed}
        values |= {"accuracy": run["numbers"]["accuracy"], "seconds": run["seconds"]}
        print(say("finished", name=experiment.name, **values), flush=True)
    print(say("complete", name=experiment.name, path=path))


def once(experiment: Experiment, condition: dict[str, Any], seed: int) -> dict[str, Any]:
    """Train once, and return what is kept of it; seconds are those of the processor."""
    started = time.process_time()
    numbers = experiment.run(condition, experiment.settings, seed)
    seconds = round(time.process_time() - started, 2)
    return {"condition": condition, "seed": seed, "seconds": seconds, "numbers": numbers}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m experiments", description=say("about"))
    names = "|".join([*EXPERIMENTS, "all", "table"])
    parser.add_argument("name", metavar=names, help=say("name"))
    parser.add_argument("--seeds", type=int, help=say("seeds", seeds=SEEDS))
    parser.add_argument("--quick", action="store_true", help=say("quick"))
    parser.add_argument("--out", type=Path, help=say("out", folder="experiments/results"))
    parser.add_argument("--fresh", action="store_true", help=say("fresh"))
    parser.add_argument("--check", action="store_true", help=say("check"))
    options = parser.parse_args(arguments)
    if options.seeds is None:
        options.seeds = 1 if options.quick else SEEDS
    if options.out is None:
        options.out = QUICK if options.quick else store.RESULTS
    return options


def _table(folder: Path, *, check: bool) -> int:
    text = table.page(list(EXPERIMENTS.values()), folder)
    if not check:
        table.PAGE.write_text(text, encoding="utf-8")
        print(say("written", path=table.PAGE.name))
        return 0
    if table.PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(say("stale", path=table.PAGE.name), file=sys.stderr)
    return STALE


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG_USE
