"""Pages for operators: status, message log, alerts, go-live check. They read, and change nothing of what is said."""
