"""Pages of partners, people, meetings and follow-ups that are not lists."""
