"""What goes into the sandbox and what comes out of loading it: plain data."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What a submission may use; a unit's manifest sets them.

    Times are seconds, sizes mebibytes (`_mb`) or kibibytes (`_kb`). Learner code cannot start a
    thread or a process, so no call uses more processor time than wall-clock time.

    Attributes:
        call_s: wall clock for one call.
        load_s: wall clock for running all cells once.
        question_s: wall clock for all calls of one question.
        submission_s: wall clock for everything together.
        cpu_s: processor time of one question, its cells included; 0 for load_s + question_s.
        memory_mb: address space of the only process.
        output_kb: what one cell may print; the rest is counted and dropped.
        total_output_kb: what all cells together may print.
        reply_mb: what one call may return.
        open_files: descriptors.
        processes: always 0; no learner code may start a process or a thread.
        disk_mb: room in `/desk` for files that last for one question; 0 for none at all.
    """

    call_s: float = 5.0
    load_s: float = 10.0
    question_s: float = 60.0
    submission_s: float = 600.0
    cpu_s: int = 0
    memory_mb: int = 1024
    output_kb: int = 32
    total_output_kb: int = 512
    reply_mb: int = 64
    open_files: int = 64
    processes: int = 0
    disk_mb: int = 0

    def for_runner(self) -> dict[str, int]:
        """What the program inside the sandbox enforces on its children."""
        return {
            "cpu_s": self.cpu_s or int(self.question_s + self.load_s) + 1,
            "memory_mb": self.memory_mb,
            "output_kb": self.output_kb,
            "total_output_kb": self.total_output_kb,
            "open_files": self.open_files,
            "disk_mb": self.disk_mb,
        }


@dataclass(frozen=True)
class Cell:
    """One cell of learner code to run: the id it is reported under, and its source."""

    id: str
    source: str


@dataclass
class CellRun:
    """What a learner's cell printed, and the problems it met while it was loaded."""

    id: str
    output: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
