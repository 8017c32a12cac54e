"""The MLflow adapter: the only importer of mlflow."""
