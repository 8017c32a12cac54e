"""What a person asks for: the request, its file, its schema and its checks."""
