"""What one attack is: the notebook it hands in, and the most that an honest grader gives it."""

from dataclasses import dataclass
from typing import NamedTuple

PREAMBLE = """
def attempt(action):
    try:
        return action()
    except BaseException:
        return None
def grab(action):
    got = attempt(action)
    if got:
        print("LO" + "OT", repr(got)[:200])
"""
LOOT, RAN = "LOOT", "TRIED"
AFTERWORD = '\nprint("TR" + "IED")\n'


class World(NamedTuple):
    """Places of the machine that an attacker knows the names of.

    Attributes:
        root: the course directory.
        home: the instructor's home folder.
        port: a port of this machine on which somebody listens.
    """

    root: str
    home: str
    port: int


@dataclass(frozen=True)
class Attack:
    """A program that a learner adds to an otherwise honest notebook.

    Attributes:
        numbers: rows of the attack corpus.
        code: an extra cell; `{root}`, `{home}` and `{port}` become places of the machine.
        causes: how question `double` may end; () if its answer is simply missing.
        scale: points that the honest part of the notebook still gets.
        runs: whether the cell runs to its end while it is loaded.
    """

    numbers: tuple[int, ...]
    code: str
    causes: tuple[str, ...] = ()
    scale: float = 3.0
    runs: bool = True

    def source(self, world):
        """The extra cell for this machine."""
        code = self.code
        for name, value in world._asdict().items():
            code = code.replace(f"{{{name}}}", str(value))
        return PREAMBLE + code + (AFTERWORD if self.runs else "")
