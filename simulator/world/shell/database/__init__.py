"""The simulated database: its sessions and catalogue, real queries over them, psql's shapes."""
