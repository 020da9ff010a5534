"""Where acts live: append-only, durable, hash-chained."""
