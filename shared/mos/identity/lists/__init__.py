"""An uploaded list: what its columns mean, who its rows may be, how they are sent. Pure."""
