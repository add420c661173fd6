"""The webhook layer: genuine requests in, signals out."""
