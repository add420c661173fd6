"""One system a file: how its records are asked for."""
