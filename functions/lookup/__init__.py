"""Look up what a notice does not carry, off the path: records of other systems, read and sent in."""
