"""The only room that knows disk, SQL and Redis. Every call says what happens when it fails.

May not happen here: being imported by any room but ``factory``; deciding what is said.
"""
