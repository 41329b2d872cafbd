"""The learner's functions as the judge sees them: names whose calls go into the sandbox."""

import builtins
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rnngrader.checks.calling import CallError, CallResult, Candidate
from rnngrader.messages import message
from rnngrader.sandbox.program import Limits
from rnngrader.sandbox.session import LoadFailed, Sandbox, Session

MAX_REOPENED = 3


OWN_WORK_S = 30.0  # for the judge's own arithmetic in one question


def longest_question_s(limits: Limits) -> float:
    """Seconds after which a question must have ended, whatever the learner's code does."""
    return limits.question_s + limits.call_s + (MAX_REOPENED + 1) * limits.load_s + OWN_WORK_S


class LearnerFault(Exception):
    """A learner's function raised, hung or ended its process; carries a text for the learner."""

    def __init__(self, cause: str, text: str) -> None:
        super().__init__(text)
        self.cause = cause


class Question:
    """The sandbox child of one question, opened at the first call and again if it dies.

    Attributes:
        died: whether a child ended that should not have, by its own doing or by the kernel's.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.deadline = min(time.monotonic() + sandbox.limits.question_s, sandbox.deadline)
        self._session: Session | None = None
        self._opened = 0
        self._hung = False
        self.died = False

    def call(self, name: str, *args: Any, **options: Any) -> CallResult:
        """Forward a call; a child that died is replaced a few times, one that hung is not."""
        result = self._call(name, *args, **options)
        self.died = self.died or (result.error is not None and result.error.kind == "died")
        return result

    def _call(self, name: str, *args: Any, **options: Any) -> CallResult:
        if self._hung or time.monotonic() > self.deadline:
            return CallResult(None, None, CallError("timeout"))
        if self._session is None or not self._session.alive:
            if self._opened > MAX_REOPENED:
                return CallResult(None, None, CallError("died"))
            self.close()
            self._opened += 1
            try:
                self._session = self.sandbox.open()
            except LoadFailed as error:
                self._hung = error.kind == "timeout"
                return CallResult(None, None, CallError(error.kind))
        result = self._session.call(name, *args, **options)
        self._hung = result.error is not None and result.error.kind == "timeout"
        return result

    def close(self) -> None:
        """End the child."""
        if self._session is not None:
            self._session.close()
        self._session = None


@contextlib.contextmanager
def question(sandbox: Sandbox) -> Iterator[Question]:
    """A question whose child is ended whatever happens."""
    asked = Question(sandbox)
    try:
        yield asked
    finally:
        asked.close()


class RemoteCandidate(Candidate):
    """A learner's function in the sandbox; checks call it through `call`, tests directly."""

    def __init__(self, name: str, asked: Question) -> None:
        self.name = self.__name__ = name
        self._asked = asked

    def call(
        self,
        *args: object,
        given: Mapping[str, Callable[..., object]] | None = None,
        returns_args: bool = False,
        kwargs: Mapping[str, object] | None = None,
    ) -> CallResult:
        """Call the function once in the sandbox; see `Candidate.call`."""
        return self._asked.call(
            self.name, args, kwargs or {}, given or {}, returns_args=returns_args
        )

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Call it as a test cell would.

        Raises:
            LearnerFault: if the call gave no value.
        """
        result = self.call(*args, kwargs=kwargs)
        if result.error is not None:
            raise LearnerFault(*fault_text(self.name, result.error))
        return result.value


def fault_text(name: str, error: CallError) -> tuple[str, str]:
    """A cause and a sentence for a failed call; holds nothing that the learner's code chose."""
    if error.kind != "exception":
        return error.kind, message(f"grading.{error.kind}", name=name)
    known = getattr(builtins, error.type_name, None)
    if not (isinstance(known, type) and issubclass(known, BaseException)):
        return "exception", message("grading.exception", name=name)
    return "exception", message("grading.named-exception", name=name, error=error.type_name)
