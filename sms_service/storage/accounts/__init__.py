"""Staff accounts, sessions and counted tries in SQL. Short transactions, each promise kept by one statement."""
