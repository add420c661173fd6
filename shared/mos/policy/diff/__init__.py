"""What differs between two bundles, in plain words. Pure."""
