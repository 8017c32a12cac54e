"""Forecasters, exposure and predictive distributions."""
