"""The plan's printable pack: report, assignments file and workbook."""
