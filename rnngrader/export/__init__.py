"""Marks into the file of a learning management system."""
