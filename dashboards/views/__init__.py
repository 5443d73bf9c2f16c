"""Pages that choose metrics and show them. They compute nothing."""
