"""Evidence, alignment, score, rating, confusion."""
