"""What came of it: outcomes credited to decisions, counts that the next decision reads."""
