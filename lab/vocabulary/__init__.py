"""Renew the snapshots of well-kept lists that `mos.vocabulary` reads: `make vocabularies`."""
