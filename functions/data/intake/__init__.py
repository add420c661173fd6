"""What is let in and written down, and who really acted."""
