"""The science of wardcast: panel, forecasts, evaluation, allocation.

Imports nothing from the service (`wardcast`); import-linter enforces it.
"""
