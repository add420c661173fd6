"""How each sender signs: one file per source, each exporting SIGNER."""
