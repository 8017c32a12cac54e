"""The Nixtla peers that the forecast benchmark compares with; they run in an environment of their own."""
