"""The strategic assessment: what the files of an area tell about a year, and how sure that is."""
