"""Build each layer's Lambda folder, without Docker."""
