"""Generated from protos/wardcast/v1 by protos/generate.py: do not edit."""
