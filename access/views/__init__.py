"""Pages of one's own account, of users and their access, and of undo, files and restricted rows."""
