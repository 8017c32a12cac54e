"""The parts of the forecast benchmark that `bench_forecast.py` runs."""
