"""wardcast: ward-level forecasts and patrol plans as a gRPC service, a page and a command line."""
