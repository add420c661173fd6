"""What the business allows: fit, route, consent and caps."""
