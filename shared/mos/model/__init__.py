"""The nouns: frozen, closed, and the same in every layer."""
