"""Corrected decisions as examples: made from a record, written as a page, run. Pure."""
