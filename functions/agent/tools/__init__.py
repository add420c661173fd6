"""One file per tool, each exporting TOOL."""
