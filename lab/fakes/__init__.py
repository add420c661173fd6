"""Fake providers on loopback: they check what real ones check, and keep what they received."""
