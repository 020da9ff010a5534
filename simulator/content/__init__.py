"""Runbooks, systems and scenarios as typed documents: finding, loading, validating them."""
