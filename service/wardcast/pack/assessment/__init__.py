"""The strategic assessment for people: a report to print, a workbook and a document for programs."""
