"""What is deployed: the CDK app, its settings and the recipe of its zips."""
