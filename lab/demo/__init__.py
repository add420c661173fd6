"""The demo: plays a story through the HTTP doors and tells what came of it."""
