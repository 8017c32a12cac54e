"""Opening files: text, gzip, zip archives, workbooks and parquet tables, each table a source of its own."""
