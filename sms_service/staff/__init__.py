"""Pages for the people who edit the replies and try the line."""
