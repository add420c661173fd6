"""One call out to a provider: the only door through which anything leaves for another's system."""
