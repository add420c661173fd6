"""Companies and their buying groups, and whom somebody works for."""
