"""What the fake systems let be read: their records, by their own rules of asking."""
