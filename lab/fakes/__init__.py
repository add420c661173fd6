"""Fake providers on one loopback port: what a channel sends is kept, and nothing leaves."""
