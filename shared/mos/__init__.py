"""Nouns and seams of the Marketing Operating System."""

__version__ = "0.1.0"
