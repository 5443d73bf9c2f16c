"""Pages of programs that are not lists."""
