"""Policy as data: typed decision tables, compiled; and the bundle that holds them."""
