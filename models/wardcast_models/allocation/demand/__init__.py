"""What a plan aims at: forecast counts as weighted harm, the presence there is, and what is known of the area."""
