"""Where drafts, releases, contents and the history are kept, and how the files of a book are read and written."""
