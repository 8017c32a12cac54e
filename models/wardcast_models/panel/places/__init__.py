"""Wards, their vintages and areas, and the ways from small areas and map points to them."""
