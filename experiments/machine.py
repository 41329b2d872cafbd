"""On what the numbers were computed."""

import os
import platform
from pathlib import Path

import numpy as np

CPUS = Path("/proc/cpuinfo")


def describe() -> dict[str, str | int]:
    """Return processor, system, versions and threads; nothing that names one machine."""
    return {
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "threads": os.environ.get("OPENBLAS_NUM_THREADS", "all"),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def processor(cpus: Path = CPUS) -> str:
    """Return the model of the processor as the system calls it."""
    if cpus.exists():
        for line in cpus.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
