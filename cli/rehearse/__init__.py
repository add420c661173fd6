"""`mos rehearse`: where decisions come from, how they are worked through, how it is told."""
