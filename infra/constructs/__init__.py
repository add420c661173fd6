"""The pieces that stacks are built of: one construct per file."""
