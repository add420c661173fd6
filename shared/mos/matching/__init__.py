"""Who is who without a shared key: Fellegi–Sunter matching, trained without labels."""
