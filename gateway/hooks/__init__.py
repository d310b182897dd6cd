"""What providers call: verified over the raw body, stored, answered within milliseconds."""
