"""The local system as a whole: engine, fake providers, secrets and policy."""
