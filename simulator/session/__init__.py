"""One open exercise: its clock, the single append path, scripts, proof of playability."""
