"""Simulated production: telemetry, alerts, logs, tools, database."""
