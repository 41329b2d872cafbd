"""`rnngrader demo`."""

import argparse
from pathlib import Path
from typing import Any

from rnngrader.commands import command, positive
from rnngrader.messages import message


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "demo", demo)
    folder = Path("build/grade-demo")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=folder, help=message("command.demo.folder")
    )
    parser.add_argument("--course", type=Path, default=Path(), help=message("option.course"))
    parser.add_argument("--no-serve", action="store_true", help=message("command.demo.no-serve"))
    parser.add_argument("--port", type=positive, default=8890, help=message("command.demo.port"))


def demo(arguments: argparse.Namespace) -> int:
    """Build, grade and show."""
    from rnngrader.demo import run_demo

    return run_demo(
        arguments.course, arguments.folder, serve=not arguments.no_serve, port=arguments.port
    )
