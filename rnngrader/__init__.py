"""The grader of the course: checks, sandbox, judge and gradebook."""
