"""What a table's text says: rows, columns, cells, days and months, each checked where it stands."""
