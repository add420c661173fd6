"""What follows from a person: groups, outcomes, runs, and what people may ask for."""
