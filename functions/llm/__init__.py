"""The only function that holds litellm and provider keys."""
