"""Downloading the official files of an area, politely: cached, resumed, checked, and never in a hurry."""
