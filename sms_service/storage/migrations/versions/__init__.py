"""One file per step, never changed once it has run somewhere."""
