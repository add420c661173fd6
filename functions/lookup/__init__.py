"""Look up what a notice does not carry, off the path: other systems' records, read and sent in."""
