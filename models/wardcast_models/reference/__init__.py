"""Small packaged tables: taxonomy, harm weights, evidence, area profile. Each row names its source."""
