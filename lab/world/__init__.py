"""A seeded story, told as signed requests of real senders: the same seed, the same bytes."""
