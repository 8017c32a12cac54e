"""The tables beside the counts: residents, homes, visitors and groups, on a panel's wards."""
