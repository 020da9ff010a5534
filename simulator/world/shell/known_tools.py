"""What the shell knows of every laptop: curl, psql, and the words that wrap other commands."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.content.terminal import Tool

WRAPPERS: Mapping[str, tuple[frozenset[str], int]] = {
    "sudo": (frozenset({"-u", "-g", "--user", "--group"}), 0),
    "doas": (frozenset({"-u"}), 0),
    "time": (frozenset({"-f", "-o"}), 0),
    "watch": (frozenset({"-n", "--interval"}), 0),
    "timeout": (frozenset({"-s", "-k", "--signal", "--kill-after"}), 1),
    "nohup": (frozenset(), 0),
    "nice": (frozenset({"-n"}), 0),
    "command": (frozenset(), 0),
    "exec": (frozenset(), 0),
    "env": (frozenset({"-u"}), 0),
}
"""Words that run the command after them: their flags that take a value, their own arguments."""

RUNNERS: Mapping[str, frozenset[str]] = {
    "npx": frozenset(),
    "pnpx": frozenset(),
    "bunx": frozenset(),
    "uvx": frozenset(),
    "npm": frozenset({"exec"}),
    "pnpm": frozenset({"exec", "dlx"}),
    "yarn": frozenset({"exec", "dlx"}),
}
"""Package runners; they reach a tool when one of its aliases says so, such as `npx vercel`."""

CURL = Tool(
    id="curl",
    title="Asks a web address and shows its answer",
    help=(
        "Usage: curl [options...] <url>\n"
        " -d, --data <data>           HTTP POST data\n"
        " -f, --fail                  Fail fast with no output on HTTP errors\n"
        " -H, --header <header>       Pass custom header to server\n"
        " -I, --head                  Show document info only\n"
        " -i, --include               Include response headers in output\n"
        " -L, --location              Follow redirects\n"
        " -m, --max-time <seconds>    Maximum time allowed for transfer\n"
        " -o, --output <file>         Write to file instead of stdout (here: /dev/null only)\n"
        " -s, --silent                Silent mode\n"
        " -S, --show-error            Show error even when -s is used\n"
        " -v, --verbose               Make the operation more talkative\n"
        " -w, --write-out <format>    What to write after completion: %{http_code}, "
        "%{time_total}\n"
        " -X, --request <method>      Specify request method to use\n"
    ),
    value_flags=[
        "--request",
        "--header",
        "--data",
        "--data-raw",
        "--data-binary",
        "--data-urlencode",
        "--json",
        "--output",
        "--write-out",
        "--max-time",
        "--connect-timeout",
        "--user",
        "--user-agent",
        "--cookie",
        "--referer",
        "--retry",
        "--retry-delay",
        "--form",
        "--resolve",
        "--url",
        "--max-redirs",
        "--proxy",
    ],
    same_flags={
        "-X": "--request",
        "-H": "--header",
        "-d": "--data",
        "-o": "--output",
        "-w": "--write-out",
        "-m": "--max-time",
        "-u": "--user",
        "-A": "--user-agent",
        "-b": "--cookie",
        "-e": "--referer",
        "-F": "--form",
        "-x": "--proxy",
        "-i": "--include",
        "-I": "--head",
        "-s": "--silent",
        "-S": "--show-error",
        "-v": "--verbose",
        "-L": "--location",
        "-f": "--fail",
        "-k": "--insecure",
        "-g": "--globoff",
        "-G": "--get",
        "-N": "--no-buffer",
        "-O": "--remote-name",
        "-4": "--ipv4",
        "-6": "--ipv6",
        "-h": "--help",
        "-V": "--version",
        "-#": "--progress-bar",
    },
    unknown="curl: option {word}: is unknown",
)

CURL_SWITCHES = frozenset(
    {
        "--include",
        "--head",
        "--silent",
        "--show-error",
        "--verbose",
        "--location",
        "--fail",
        "--insecure",
        "--globoff",
        "--get",
        "--no-buffer",
        "--remote-name",
        "--ipv4",
        "--ipv6",
        "--help",
        "--version",
        "--progress-bar",
        "--compressed",
        "--http1.1",
        "--http2",
        "--no-progress-meter",
        "--fail-with-body",
    }
)
"""Flags of curl that take no value."""

PSQL = Tool(
    id="psql",
    title="Speaks to the database",
    help=(
        "psql is the PostgreSQL interactive terminal.\n\n"
        "Usage:\n  psql [OPTION]... [DBNAME [USERNAME]]\n\n"
        '  psql "$DATABASE_URL"              opens the database; \\q leaves it\n'
        '  psql "$DATABASE_URL" -c "..."     runs one command and returns\n\n'
        "  -A, --no-align    unaligned output\n"
        "  -t, --tuples-only print rows only\n"
        "  -x, --expanded    turn on expanded output\n"
    ),
    value_flags=["--command", "--host", "--port", "--username", "--dbname", "--file", "--set"],
    same_flags={
        "-c": "--command",
        "-h": "--host",
        "-p": "--port",
        "-U": "--username",
        "-d": "--dbname",
        "-f": "--file",
        "-v": "--set",
        "-t": "--tuples-only",
        "-A": "--no-align",
        "-x": "--expanded",
        "-q": "--quiet",
        "-X": "--no-psqlrc",
        "-w": "--no-password",
        "-W": "--password",
        "-l": "--list",
        "-a": "--echo-all",
        "-V": "--version",
    },
    unknown="psql: invalid option -- '{word}'",
)
