"""What the policy commands work out."""
