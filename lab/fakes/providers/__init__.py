"""One file per fake provider, each exporting PROVIDER; its name is the first part of the path."""
