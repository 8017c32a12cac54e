"""Use cases, transport-neutral: ingest, train, forecast, backtest, plan, promote."""
