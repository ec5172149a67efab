"""Timeline: dated steps, and what is due by when."""
