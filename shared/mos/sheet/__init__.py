"""A sheet that somebody exported: its bytes, its tables, and what its columns mean. Pure."""
