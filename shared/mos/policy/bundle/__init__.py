"""A bundle and what it holds beside tables: parameters, overrides, challenges, examples."""
