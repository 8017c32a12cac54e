"""Charts as inline SVG: plain functions from numbers to markup, every text escaped."""
