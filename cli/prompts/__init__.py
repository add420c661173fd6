"""`mos prompt`: where answers come from, where cassettes are kept, how an evaluation is told."""
