"""The page: plans to read and hand out, in a browser, without scripts."""
