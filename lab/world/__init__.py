"""A seeded world that sends what real senders send: the same seed tells the same story."""
