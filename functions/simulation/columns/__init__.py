"""Many recorded decisions at once, column by column: each module mirrors a verb of one. Pure."""
