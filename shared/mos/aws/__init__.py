"""Every call to AWS, and nothing else."""
