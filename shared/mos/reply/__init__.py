"""What people answer to our mails, read by rules: their own words, what they want, until when."""
