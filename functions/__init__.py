"""The verbs: one folder per Lambda."""
