"""Who carries a call to a model: the providers' library, or AWS's own client."""
