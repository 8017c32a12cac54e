"""Counts by ward, category and month: releases combined, wards carried over, incidents put on wards."""
