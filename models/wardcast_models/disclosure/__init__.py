"""The small-number rule: what of an assessment may be published, proven so that nothing hidden can be worked out."""
