"""Corrected decisions as examples: made from a record, written to a bundle, run."""
