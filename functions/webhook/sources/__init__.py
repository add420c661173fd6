"""One file per source; the file's name is the source's, with `-` for `_`."""
