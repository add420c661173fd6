"""What is wrong with a story: which file, which line, and what was expected there."""

from mos.errors import MosError


class StoryError(MosError):
    """A story cannot be read, or asks for what cannot be; `line` is 0 for the file as a whole."""

    def __init__(self, file: str, line: int, detail: str) -> None:
        super().__init__(f"{file}:{line}: {detail}" if line else f"{file}: {detail}")
        self.file = file
        self.line = line
        self.detail = detail


class StoryLineError(MosError):
    """What a line asks for cannot be done; whoever plays it knows which line it is."""
