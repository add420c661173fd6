"""Who runs models: one provider a file, named by it. How it is called, and what it needs."""
