"""Do it, on any channel, at most once."""
