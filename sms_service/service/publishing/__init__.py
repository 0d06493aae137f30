"""How staff change what the line says: drafts, review, releases. Everything for pages hangs on ``Publishing``."""
