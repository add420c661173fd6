"""A seeded B2B world that speaks the real webhook formats."""
