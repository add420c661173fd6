"""Ninety days in minutes: a seeded market, a virtual clock, and the layers' own verbs."""
