"""Acts, the clock, and the fold from acts to state."""
