"""What a team would have otherwise: the tutorial's app, and how fast Flask can be at most."""
