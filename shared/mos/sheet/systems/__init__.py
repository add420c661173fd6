"""What systems call the columns of their exports: one page each, found by looking."""
