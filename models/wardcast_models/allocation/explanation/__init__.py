"""Why the plan is as it is, how sure that is, and what would change it."""
