"""The public pages: one file each, found by its name."""
