"""What a policy that was never used would have brought: estimates and their intervals. Pure."""
