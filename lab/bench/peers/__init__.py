"""Other people's programs, run in an environment of their own (`make bench-data`)."""
