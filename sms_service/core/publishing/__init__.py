"""What staff change, as values: the files of a book, drafts, releases, and what a change means for a child.

Pure like the rest of the core: reading YAML, keeping releases and asking the time is done elsewhere.
"""
