"""What a candidate would change: part by part, added up, and judged. Pure."""
