"""Pages and endpoints for the people who keep the line running."""
