"""What a REST call costs at least: one Django view that inserts one row, with our server, settings and middleware."""
