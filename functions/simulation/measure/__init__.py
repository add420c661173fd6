"""What works, and how sure one can be: read-outs by account, attribution, power. Pure."""
