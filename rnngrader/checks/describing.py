"""Say what can be seen of a wrong result for which no known mistake was found."""

from collections import Counter

from rnngrader.checks.calling import CallError
from rnngrader.checks.choices import GIVEN, NOT_GIVEN, only_with
from rnngrader.checks.closeness import fitted
from rnngrader.checks.examination import Observation
from rnngrader.checks.patterns import misshapen, patterns
from rnngrader.checks.results import Output, Unreadable
from rnngrader.checks.spec import Exercise
from rnngrader.messages import message, unit_message

# More relations than these would not narrow anything down.
MOST_DESCRIBED = 2
# A class name is the learner's own text and could carry an input; these are Python's.
KNOWN_EXCEPTIONS = frozenset(
    error.__name__
    for error in (
        ArithmeticError,
        AssertionError,
        AttributeError,
        ImportError,
        IndexError,
        KeyError,
        MemoryError,
        ModuleNotFoundError,
        NameError,
        OverflowError,
        RecursionError,
        RuntimeError,
        SystemExit,
        TypeError,
        UnboundLocalError,
        ValueError,
        ZeroDivisionError,
    )
)
# Those of which more can be said than that shapes may not fit.
EXPLAINED_EXCEPTIONS = {
    "AttributeError": "error.exception-name",
    "KeyError": "error.exception-name",
    "NameError": "error.exception-name",
    "UnboundLocalError": "error.exception-unbound",
    "RecursionError": "error.exception-recursion",
    "ZeroDivisionError": "error.exception-division",
    "IndexError": "error.exception-index",
}


def only_with_words(exercise: Exercise, ordinary: list[Observation]) -> list[str]:
    """Say which choice of an argument goes wrong, if one alone does.

    Args:
        exercise: what was asked for.
        ordinary: the ordinary calls.

    Returns:
        One sentence, or none.
    """
    found = only_with(exercise.arguments, ordinary)
    if found is None:
        return []
    argument, value = found
    keys = {GIVEN: "hint.only-given", NOT_GIVEN: "hint.only-not-given"}
    return [message(keys.get(value, "hint.only-with"), argument=argument, value=value)]


def narrowed(exercise: Exercise, ordinary: list[Observation], wrong: Observation) -> list[str]:
    """Say which arrays are wrong, and in what way.

    Args:
        exercise: what was asked for.
        ordinary: the ordinary calls.
        wrong: the smallest of them that is wrong.

    Returns:
        Sentences, the most general first.
    """
    outputs = exercise.layout.outputs
    bad = [output for output in outputs if any(_bad(one, output.name) for one in ordinary)]
    sentences = []
    if len(bad) < len(outputs):
        fine = ", ".join(output.name for output in outputs if output not in bad)
        names = ", ".join(output.name for output in bad)
        sentences.append(message("hint.only-wrong", wrong=names, right=fine))
    shaped = [output for output in outputs if wrong.verdicts[output.name] == "shape"]
    for output in shaped[:MOST_DESCRIBED]:
        key, fields = misshapen(output, wrong)
        sentences.append(message(key, **fields))
    sentences.extend(_described(exercise, bad, ordinary))
    return sentences if shaped else [*sentences, *_own_hints(exercise, ordinary)]


def _described(exercise: Exercise, outputs: list[Output], ordinary: list[Observation]) -> list[str]:
    """Say how wrong arrays relate to the right ones, once for all that do so in the same way."""
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for output in outputs:
        seen = [one for one in ordinary if one.got is not None and _bad(one, output.name)]
        for key, fields in patterns(output, exercise.arguments, seen):
            alike.setdefault((key, tuple(fields.items())), []).append(output.name)
    return [
        message(key, output=", ".join(names), **dict(fields))
        for (key, fields), names in list(alike.items())[:MOST_DESCRIBED]
    ]


def _own_hints(exercise: Exercise, ordinary: list[Observation]) -> list[str]:
    """Collect what the exercise itself has to say about its wrong results."""
    if exercise.hints is None:
        return []
    wrong = [one for one in ordinary if one.got is not None and not one.right]
    shaped = [one for one in wrong if "shape" not in one.verdicts.values()]
    votes: Counter[str] = Counter()
    for one in shaped:
        got = {n: fitted(array, one.expected[n].shape) for n, array in (one.got or {}).items()}
        for key, fields in exercise.hints(got, one.expected):
            votes[unit_message(exercise.unit, f"hint.{key}", **fields)] += 1
    # What one call shows and another does not would contradict itself.
    return [words for words, count in votes.items() if 2 * count > len(shaped)]


def problem_sentence(exercise: Exercise, seen: Observation) -> str:
    """Say why a call gave no result.

    Args:
        exercise: what was asked for.
        seen: the call.

    Returns:
        One sentence.
    """
    problem = seen.problem
    if isinstance(problem, Unreadable):
        return message(problem.key, **problem.fields)
    if not isinstance(problem, CallError):
        return message("unnamed.values")
    if problem.type_name == "NotImplementedError":
        return message("error.not-written", exercise=exercise.name)
    if problem.kind != "exception":
        return message(f"error.{problem.kind}", exercise=exercise.name)
    if problem.type_name in KNOWN_EXCEPTIONS:
        key = EXPLAINED_EXCEPTIONS.get(problem.type_name, "error.exception")
        return message(key, type=problem.type_name)
    return message("error.exception-other")


def _bad(seen: Observation, name: str) -> bool:
    return seen.verdicts.get(name, "value") not in {"right", "imprecise"}
