"""Models as their providers put them on the wire: what they say, how it fails, what they refuse."""
