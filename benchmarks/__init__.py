"""Measurements beside real peers; they write JSON and assert nothing about speed."""
