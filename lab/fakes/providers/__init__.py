"""One file per provider, each exporting PROVIDER. The module's name is its path prefix."""
