"""Tables as a space of cases: what is dead, what is missing, what a test would miss. Pure."""
