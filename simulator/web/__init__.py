"""Serving consoles to browsers and SSH, and the codes to join with."""
