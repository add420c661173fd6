"""Where they stand: the account, then the buying group, and only then the person."""
