"""Whose signals these are: people resolved, saved, parted, and put up for review."""
