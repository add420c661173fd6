"""One file per command group; each exports `app`."""
