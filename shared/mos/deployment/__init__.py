"""A deployed system from outside: its names and doors, its stores, and how a bundle is released."""
