"""What single rows of a policy do: which decided, whom they catch, where they place. Pure."""
