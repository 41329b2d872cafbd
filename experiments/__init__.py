"""What the networks of this course learn and do not learn: `python -m experiments NAME`.

Each experiment trains small models of `rnncore` from several seeds and keeps every number in
`results/NAME.json`; the book, the widgets and `docs/experiments.md` are made from these files.
"""
