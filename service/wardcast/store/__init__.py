"""Database tables and artefact files: what a restart must not forget."""
