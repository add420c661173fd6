"""One file per channel, each exporting CHANNEL."""
