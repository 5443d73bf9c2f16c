"""The pages under /settings/ that look at several apps: for administrators only."""
