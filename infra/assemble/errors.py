"""What can go wrong while functions are assembled."""


class AssembleError(Exception):
    """A function's folder cannot be built, or must not be."""
