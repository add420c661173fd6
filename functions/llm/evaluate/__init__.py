"""Prompts tested like code: golden cases asked by the layer's own code, compared in pairs."""
