"""A small made-up system, with one of everything that the shell answers from."""

from __future__ import annotations

from typing import Any

from simulator.content.system import System

SYSTEM: dict[str, Any] = {
    "schema": "system/1",
    "title": "Shop",
    "summary": "A shop.",
    "shell": "ops@laptop",
    "environment": {
        "DATABASE_URL": "postgresql://shop_app:secret@db.shop.example:5432/shop",
        "SITE": "https://shop.example",
    },
    "pools": {
        "people": {"kind": "values", "values": ["Ada", "Grace", "Edsger", "Barbara"]},
    },
    "people": [{"id": "ada", "name": "Ada", "title": "Lead"}],
    "channels": [{"id": "chat", "title": "#chat", "kind": "chat", "audience": "team"}],
    "severities": [
        {"id": "P0", "title": "Down", "meaning": "Down.", "respond": "now"},
        {"id": "P1", "title": "High", "meaning": "High.", "respond": "soon"},
    ],
    "state": {
        "site.live": {"start": "dpl_new"},
        "db.up": {"start": "yes", "choices": ["yes", "no", "full"]},
        "db.leaks": {"start": 3},
        "lock.held": {"start": True},
    },
    "tables": {
        "deployments": {
            "columns": ["id", "url", "status", "created_at"],
            "rows": [
                ["dpl_old", "shop-old.vercel.app", "Ready", -90000],
                ["dpl_new", "shop-new.vercel.app", "Ready", -600],
                ["dpl_bad", "shop-bad.vercel.app", "Error", -60],
            ],
        }
    },
    "services": [{"id": "web", "title": "Web"}],
    "metrics": [
        {"id": "web.errors", "title": "Errors", "unit": "%", "service": "web", "baseline": 40.0,
         "noise": 0.0},
    ],
    "dashboards": [
        {"id": "vercel", "product": "Vercel", "title": "Deployments",
         "panels": [{"chart": "web.errors"}]},
    ],
    "alerts": [
        {"id": "errors", "title": "Errors", "product": "Watch", "when": "metric('web.errors') > 90",
         "text": "Errors."},
    ],
    "logs": [
        {"id": "runtime", "title": "Runtime", "service": "web", "templates": [
            {"id": "get", "level": "info", "text": "GET /api/health 200", "rate": "2"},
            {"id": "slow", "level": "error", "text": "P2024 timed out", "rate": "0.2"},
        ]},
    ],
    "actions": [
        {"id": "rollback", "title": "Roll back", "takes": 8,
         "args": {"deployment": {"title": "Deployment", "choices": "deployments.id",
                                 "default": "'dpl_old'"}},
         "starts": "Rolling back to {deployment}...",
         "needs": [{"if": "db.up != 'no'", "else": "Error: a deployment is in progress"}],
         "outcomes": [{"says": "Done.", "set": {"site.live": "{deployment}"}}]},
        {"id": "scale", "title": "Scale", "args": {"replicas": {"title": "Replicas"}},
         "outcomes": [{"says": "deployment.apps/{name} scaled"}]},
        {"id": "end-leaks", "title": "End leaking sessions",
         "args": {"count": {"title": "How many"}, "pid": {"title": "Pid"},
                  "group": {"title": "Group"}},
         "outcomes": [{"says": ""}]},
        {"id": "end-lock", "title": "End the lock", "outcomes": [{"says": ""}]},
        {"id": "add-index", "title": "Create an index", "takes": 40,
         "args": {"table": {"title": "Table"}}, "outcomes": [{"says": "CREATE INDEX"}]},
        {"id": "purge", "title": "Purge", "args": {"tag": {"title": "Tag"}},
         "starts": '{"purged":"{tag}"}', "outcomes": [{"says": "ok"}]},
    ],
    "tools": [
        {"id": "vercel", "title": "Deployments", "help": "vercel: list, rollback, logs, inspect",
         "aliases": ["vc", "npx vercel"],
         "value_flags": ["--scope", "--token", "--since", "-n"],
         "same_flags": {"-S": "--scope", "-t": "--token", "-y": "--yes", "-n": "--limit"},
         "ignored_flags": ["--token", "--scope", "--debug"],
         "same_words": {"list": "ls", "log": "logs"},
         "unknown": 'Error: unknown "{word}"',
         "commands": [
             {"pattern": "vercel ls [--prod]", "view": "vercel", "says": [
                 {"text": "  Age  Id       Status", "table": "deployments", "newest_first": True,
                  "row": "  {created_at|ago:<4} {id:<8} {status}", "after": "3 deployments"}]},
             {"pattern": "vercel rollback [{deployment}] [--yes]", "action": "rollback"},
             {"pattern": "vercel inspect {deployment}", "says": [
                 {"table": "deployments", "where": {"id": "{deployment}"},
                  "row": "id {id}\nurl https://{url}\nstatus {status}"}]},
             {"pattern": "vercel logs [{deployment}] [--since={since}] [--limit={n}]",
              "logs": "runtime",
              "says": [{"row": "{time|clock} {level:<5} {text}"}]},
             {"pattern": "vercel env rm {name} {target:production|preview} [--yes]", "says": [
                 {"if": "db.up == 'no'", "text": "Error: not now", "fails": True},
                 {"text": "Removed {name} from {target}"}]},
             {"pattern": "vercel whoami", "says": [{"text": "ops"}], "takes": 1},
         ]},
        {"id": "kubectl", "title": "The cluster", "help": "kubectl controls the cluster.",
         "aliases": ["k"],
         "value_flags": ["--namespace", "-o", "--output"],
         "same_flags": {"-n": "--namespace", "-o": "--output"},
         "same_words": {"deploy": "deployment", "deployments": "deployment", "po": "pods",
                        "pod": "pods"},
         "unknown": 'error: unknown command "{word}" for "kubectl"',
         "commands": [
             {"pattern": "kubectl get pods [--namespace {namespace}] [--output {form:json|wide}]",
              "says": [{"text": "NAME  READY\nweb-1  1/1"}]},
             {"pattern": "kubectl rollout undo deployment/{name:api|web} [--to-revision={rev}]",
              "also": ["kubectl rollout undo deployment {name:api|web} [--to-revision={rev}]"],
              "says": [{"text": "deployment.apps/{name} rolled back"}]},
             {"pattern": "kubectl scale deployment/{name:api|web} --replicas={count}",
              "action": "scale", "args": {"replicas": "{count}"}},
             {"pattern": "kubectl exec {pod} -- {command...}", "says": [
                 {"text": "ran {command} in {pod}"}]},
         ]},
    ],
    "endpoints": [
        {"url": "https://shop.example/api/health", "title": "Health", "cases": [
            {"if": "db.up == 'no'", "status": 503, "seconds": "5.2",
             "body": '{"status":"down","db":"unreachable"}\n'},
            {"status": 200, "headers": {"X-Region": "fra1", "Cache-Control": "no-store"},
             "body": '{"status":"ok","live":"{site.live}"}\n'}]},
        {"url": "https://shop.example/", "title": "Home", "cases": [
            {"share": "web.errors", "status": 500, "body": "<h1>500</h1>\n"},
            {"status": 200, "body": "<h1>Shop</h1>\n"}]},
        {"url": "https://shop.example/dead", "title": "Dead", "cases": [{"status": 0}]},
        {"url": "https://shop.example/slow", "title": "Slow", "cases": [
            {"status": 200, "seconds": "12", "body": "at last\n"}]},
        {"url": "https://api.shop.example/v1/purge/{tag}", "method": "POST", "title": "Purge",
         "action": "purge"},
        {"url": "https://shop.example/old", "title": "Old", "cases": [
            {"status": 301, "headers": {"Location": "/api/health"}}]},
    ],
    "database": {
        "name": "shop", "user": "shop_app",
        "version": "PostgreSQL 16.4 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit",
        "connect": [
            {"if": "db.up == 'no'",
             "text": 'psql: error: connection to server at "db.shop.example" failed: timeout'},
            {"if": "db.up == 'full'",
             "text": "psql: error: connection failed: FATAL:  sorry, too many clients already"}],
        "bytes": "8589934592",
        "max_connections": 100,
        "sessions": [
            {"id": "app", "count": "12", "user": "shop_app", "application": "prisma",
             "state": "idle", "query": 'SELECT "id" FROM "Order" WHERE "id" = $1',
             "seconds": ["1", "40"]},
            {"id": "leak", "count": "db.leaks", "user": "shop_app", "application": "report",
             "state": "idle in transaction", "query": 'UPDATE "Order" SET "total" = 0',
             "seconds": ["300", "900"], "terminate": "end-leaks", "cancel": "end-leaks"},
            {"id": "waiting", "count": "2 if lock.held else 0", "user": "shop_app",
             "application": "prisma", "state": "active", "query": 'UPDATE "Order" SET "total" = 1',
             "wait_type": "Lock", "wait_event": "transactionid", "seconds": ["20", "60"],
             "blocked_by": "leak", "terminate": "end-lock"},
        ],
        "tables": [
            {"name": "Order", "bytes": "2147483648", "live_rows": 812345, "seq_scans": "90210",
             "index_scans": "12", "rows": 20, "columns": [
                 {"name": "id", "type": "int", "value": "{n}"},
                 {"name": "customer", "type": "text", "value": "{people}"},
                 {"name": "total", "type": "float", "value": "{number:5:90}"},
                 {"name": "createdAt", "type": "timestamp", "value": "{ago:60:86400}"}],
             "indexes": ['CREATE UNIQUE INDEX "Order_pkey" ON "Order" (id)']},
            {"name": "item", "bytes": "8192 * 40", "live_rows": 120, "rows": 5, "columns": [
                {"name": "id", "type": "int", "value": "{n}"},
                {"name": "name", "type": "text", "value": "item {n}"}],
             "indexes": ["item_pkey PRIMARY KEY (id)"]},
        ],
        "statistics": [
            {"query": 'SELECT * FROM "Order" WHERE "customer" = $1', "calls": "90000",
             "mean_ms": "412.5"},
            {"query": 'SELECT 1', "calls": "5000", "mean_ms": "0.04"},
        ],
        "statements": [
            {"id": "index",
             "match": r'create\s+(unique\s+)?index\s+.*on\s+"?(?P<table>\w+)"?\s*\(.*',
             "action": "add-index", "args": {"table": "table"}},
        ],
    },
}  # fmt: skip


def small_system() -> System:
    """Return the system."""
    return System.model_validate(SYSTEM)
