"""`rnngrader doctor`."""

import argparse
import json
from typing import Any

from rnngrader.commands import command, course_options, the_course
from rnngrader.console import DONE, REFUSED, Tone, toned
from rnngrader.messages import message

SIGNS: dict[str, str] = {"good": "✓", "warn": "!", "bad": "✗"}
TONES: dict[str, Tone] = {"good": "good", "warn": "warn", "bad": "bad"}


def add(commands: Any) -> None:
    """Add the command."""
    course_options(command(commands, "doctor", doctor))


def doctor(arguments: argparse.Namespace) -> int:
    """Look at everything, and say what is missing and how to get it."""
    from rnngrader.health import examine_course, examine_machine

    findings = []
    for group in (examine_machine(), examine_course(lambda: the_course(arguments))):
        for finding in group:
            findings.append(finding)
            if not arguments.json:
                sign = toned(SIGNS[finding.grade], TONES[finding.grade])
                print(f"{sign} {finding.text}", flush=True)
                if finding.remedy:
                    print(f"    {finding.remedy}")
    sick = any(finding.grade == "bad" for finding in findings)
    if arguments.json:
        print(json.dumps({"healthy": not sick, "findings": [vars(f) for f in findings]}))
    else:
        print(message("command.doctor.sick" if sick else "command.doctor.healthy"))
    return REFUSED if sick else DONE
