"""Named views: what the partnership asks of the figures by theme."""
