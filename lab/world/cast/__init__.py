"""The people whose stories can be followed by name, one file each."""
