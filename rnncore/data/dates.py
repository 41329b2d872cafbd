"""Dates as people write them, to one form: 3 march 2014 becomes 2014-03-03."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import token_vocabulary

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
FIRST, LAST = date(1950, 1, 1), date(2049, 12, 31)
FORMS = (
    "{day} {month} {year}",
    "{month} {day}, {year}",
    "{day} {short} {year}",
    "{short} {day}, {year}",
    "{day}.{number}.{year}",
    "{day:02}.{number:02}.{year}",
)


def date_task(rng: np.random.Generator, train: int = 1000, test: int = 200) -> Task:
    """Make dates from 1950 to 2049 in six forms, letter by letter, to be written year-month-day.

    With dots the day comes first. No date of the test occurs in training, in whatever form.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is less than 1, or there are not so many different dates.

    Example:
        >>> task = date_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]), sep="")
        13 october 1980
        >>> print(*task.targets.decode(task.test.targets[0]), sep="")
        1980-10-13
    """

    def draw(rng: np.random.Generator) -> Pair:
        day = date.fromordinal(int(rng.integers(FIRST.toordinal(), LAST.toordinal() + 1)))
        month = MONTHS[day.month - 1]
        text = str(rng.choice(FORMS)).format(
            day=day.day, number=day.month, month=month, short=month[:3], year=day.year
        )
        return list(text), list(day.isoformat())

    letters = sorted({*"".join(MONTHS), *"0123456789 ,."})
    vocabularies = token_vocabulary(letters), token_vocabulary("0123456789-")
    return build_task(
        draw, vocabularies, _oracle, rng, (train, test), key=lambda pair: tuple(pair[1])
    )


def _oracle(letters: Sequence[str]) -> list[str]:
    day, month, year = re.findall(r"\w+", "".join(letters))
    if not day.isdigit():
        day, month = month, day
    if not month.isdigit():
        month = str([name[:3] for name in MONTHS].index(month[:3]) + 1)
    return list(f"{year}-{int(month):02}-{int(day):02}")
