"""The panes of the drill screen, a file each; each is handed the exercise and proposes acts."""
