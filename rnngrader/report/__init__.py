"""The instructor's report on a unit."""
