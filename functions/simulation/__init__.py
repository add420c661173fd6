"""What would change if the rules changed: recorded decisions, decided again."""
