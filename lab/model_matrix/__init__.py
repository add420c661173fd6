"""Every adapter meets every mood of a model and its provider, over loopback HTTP."""
