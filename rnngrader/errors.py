"""What can go wrong in grading, each kind with the person it concerns."""


class GradingRefused(Exception):
    """Nothing was graded and nothing was changed; the text says why and what to do."""


class SandboxUnavailable(GradingRefused):
    """This machine cannot run learner code safely."""


class SubmissionUnreadable(Exception):
    """One submission is not a notebook that can be graded; the text is for the learner."""


class GraderError(Exception):
    """A fault of ours or of the unit; it must never become a learner's zero."""
