"""Summary cells: counts kept beside the rows, so that figures need not read every meeting."""
