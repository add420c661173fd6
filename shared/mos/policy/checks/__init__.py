"""What may be wrong in a bundle: one check a file, named by what it forbids."""
