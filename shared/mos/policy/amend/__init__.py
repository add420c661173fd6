"""Changes of a bundle as a diff of rows and parameters, written into its pages."""
