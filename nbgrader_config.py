"""nbgrader's settings for this course."""

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "rnn-course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
# `unit.toml` tells the grader about a unit; it is not for learners.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "unit.toml"]

try:
    from rnngrader import hook
except ImportError:  # a learner's machine: nothing is graded there
    pass
else:
    hook.install()
    hook.settings(c)
