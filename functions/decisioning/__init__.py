"""The next best action for a buying group, with its reasons and its odds."""
