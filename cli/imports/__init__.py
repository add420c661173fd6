"""Upload a list: read it, understand it, find who is known already, send it, report every row."""
