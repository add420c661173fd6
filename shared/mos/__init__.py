"""Nouns and seams of the Marketing Operating System."""
