"""Recorded decisions, made again: to the bit, with other facts, or until they turn. Pure."""
