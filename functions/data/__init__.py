"""Who is it: signals become profiles, accounts and buying groups."""
