"""From confusion to a revision: what exercises say about a runbook's text, as small typed edits."""
