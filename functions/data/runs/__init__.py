"""The runs that material signals start: one per group and window."""
