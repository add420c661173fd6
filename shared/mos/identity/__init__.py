"""Identity as a fold: whose identifiers these are, what their signals make of a person. Pure."""
