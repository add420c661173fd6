"""Closed vocabularies: one reader each for what is written in a hundred ways.

A reader is total and pure: it returns the canonical value, or None where it cannot be sure. The
lists are dated snapshots (`sources.toml` says of what); `make vocabularies` renews them. They are
loaded when first asked for.
"""
