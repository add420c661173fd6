"""GoRules' open JSON Decision Model: read its decision tables, and write ours."""
