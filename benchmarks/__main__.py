"""`python -m benchmarks recurrent [--quick]` measures, `... table` renews docs/benchmarks.md."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import recurrent, table
from benchmarks.peer_process import install_peers
from benchmarks.protocol import QUICK_PEERS, QUICK_POINTS


def _plan(arguments: argparse.Namespace) -> recurrent.Plan:
    if not arguments.quick:
        return recurrent.Plan(threads=arguments.threads)
    return recurrent.Plan(
        peers=QUICK_PEERS,
        points=QUICK_POINTS,
        threads=arguments.threads,
        budget_s=0.05,
        least_rounds=3,
        memory=False,
    )


def main() -> int:
    """Run the command; Ctrl-C keeps what is done, and the next run goes on from there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=["recurrent", "table"])
    parser.add_argument("--quick", action="store_true", help="a tiny size, rnncore and torch only")
    parser.add_argument("--threads", type=int, default=1, help="the same number for every peer")
    parser.add_argument("--out", type=Path, default=recurrent.RESULT, help="where the JSON goes")
    arguments = parser.parse_args()
    if arguments.name == "table":
        table.write(arguments.out)
        return 0
    if not arguments.quick:
        install_peers()
    try:
        partial = arguments.out.with_suffix(".partial") if arguments.quick else recurrent.PARTIAL
        found = recurrent.run(_plan(arguments), arguments.out, partial)
    except KeyboardInterrupt:
        print("Interrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    print(json.dumps(found["summary"], indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
