"""The pure core: understand, decide, render, check.

Values in, values out. No clock, disk, network, framework, randomness or log here; time comes in as an argument.
``tests/architecture`` imports this room in a fresh interpreter and fails when a forbidden module appears.
"""
