"""Drives one deployment of docker-compose.yml under a project name of its own."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Every role that docker-compose.yml has a service of.
ROLES = re.findall(r"^  (ingress|reconciler|worker-[a-z]+):$", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)
SERVICES = [*ROLES, "migrate", "postgres", "rabbitmq", "sandbox"]
# A caller's shell may hold a real site's settings; none of them may reach a stack that plays with stand-ins.
FOREIGN = ("ALERTS_", "AMQP_", "AUTOTASK_", "COMPOSE_FILE", "COMPOSE_PRO", "CROSSBILL_", "DATABASE_", "INGRESS_", "JIM2_", "SITE_")


class Failed(Exception):
    """A step did not come true, told in a sentence for the person who ran the check."""


def wait(seconds: float, what: str, look):
    """Asks `look` until it answers something, and returns that; fails with `what` after `seconds`.

    `look` may return a sentence that starts with "not yet: " to tell what it sees while it waits.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = look()
        if answer and not str(answer).startswith("not yet: "):
            return answer
        if time.monotonic() > deadline:
            seen = f" ({answer[len('not yet: '):]})" if answer else ""
            raise Failed(f"{what} did not come true within {seconds:.0f} s{seen}")
        time.sleep(0.5)


def run(command: list[str], deadline: float, environment=None) -> str:
    """Runs a command in the repository's root; returns its standard output, or fails with the end of all it printed."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, timeout=deadline, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        )
    except FileNotFoundError as error:
        raise Failed(f"{command[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"`{' '.join(command)}` took longer than {deadline:.0f} s") from error
    if done.returncode != 0:
        tail = "\n".join([*done.stdout.splitlines()[-25:], *done.stderr.splitlines()[-25:]])
        raise Failed(f"`{' '.join(command)}` ended with {done.returncode}:\n{tail}")
    return done.stdout


def compose_command() -> list[str]:
    """Compose v2 where the engine's client has it, else docker-compose."""
    try:
        run(["docker", "compose", "version"], 30)
        return ["docker", "compose"]
    except Failed:
        run(["docker-compose", "version"], 30)
        return ["docker-compose"]


class Stack:
    """The containers, networks and volumes of one project."""

    def __init__(self, project: str, secrets: pathlib.Path):
        self.project = project
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.environment |= {
            "CROSSBILL_IMAGE": "crossbill:check",
            "CROSSBILL_SECRETS": str(secrets),
            "INGRESS_PORT": "0",
        }
        self.tool = compose_command()
        self.command = [
            *self.tool, "--project-name", project, "--file", "docker-compose.yml",
            "--file", "ops/compose/check.yml", "--env-file", "ops/compose/sandbox.env", "--profile", "sandbox",
        ]

    def compose(self, *arguments: str, deadline: float = 120) -> str:
        return run([*self.command, *arguments], deadline, self.environment)

    def inside(self, service: str, *command: str) -> str:
        """Runs a command in a service's first container."""
        return self.compose("exec", "-T", service, *command)

    def containers(self, service: str | None = None) -> list[dict]:
        """What the engine knows of this project's containers, without those of one-off commands."""
        labels = [f"com.docker.compose.project={self.project}", "com.docker.compose.oneoff=False"]
        if service:
            labels.append(f"com.docker.compose.service={service}")
        filters = [part for label in labels for part in ("--filter", f"label={label}")]
        ids = run(["docker", "ps", "--all", "--quiet", "--no-trunc", *filters], 30).split()
        return json.loads(run(["docker", "inspect", *ids], 30)) if ids else []

    def unready(self) -> str:
        """What the stack still waits for; empty when every service is as it should be."""
        states = {service: [] for service in SERVICES}
        for container in self.containers():
            states.setdefault(service_of(container), []).append(state_of(container))
        waiting = [
            f"{service}: {', '.join(seen) or 'no container'}"
            for service, seen in states.items()
            if not seen or set(seen) != {good_state(service)}
        ]
        return "; ".join(waiting)

    def wait_until_ready(self, seconds: float) -> None:
        def look():
            unready = self.unready()
            return f"not yet: {unready}" if unready else "ready"

        wait(seconds, "every service healthy", look)

    def published(self) -> dict[str, list[str]]:
        """The addresses on this host, by service and inner port such as `ingress 8080/tcp`."""
        found: dict[str, list[str]] = {}
        for container in self.containers():
            for inner, outer in (container["NetworkSettings"]["Ports"] or {}).items():
                for address in outer or []:
                    key = f"{service_of(container)} {inner}"
                    found.setdefault(key, []).append(f"{address['HostIp']}:{address['HostPort']}")
        return found

    def logs(self, lines: int = 40) -> str:
        """The end of every container's log, those that are not as they should be last, and which these are."""
        parts = []
        for container in sorted(self.containers(), key=is_ill):
            log = run(["sh", "-c", f"docker logs --tail {lines} {container['Id']} 2>&1"], 30)
            parts.append(f"--- {container['Name'].lstrip('/')} ({state_of(container)})\n{log}")
        return "\n".join([*parts, f"--- not as they should be: {self.unready() or 'none'}"])

    def down(self) -> None:
        """Removes what this project brought up, its volumes too, and nothing else."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "20", deadline=300)
        left = [container["Name"] for container in self.containers()]
        if left:
            raise Failed(f"still there after `down`: {', '.join(left)}")

    def removal(self) -> str:
        """The command a person removes it with, containers and volumes."""
        settings = ["CROSSBILL_IMAGE", "CROSSBILL_SECRETS", "INGRESS_PORT"]
        told = [f"{name}={self.environment[name]}" for name in settings]
        return " ".join([*told, *self.command, "down", "--volumes", "--remove-orphans"])


def service_of(container: dict) -> str:
    return container["Config"]["Labels"]["com.docker.compose.service"]


def good_state(service: str) -> str:
    """As `state_of` would tell it. Only the migration is meant to end."""
    return "exited 0" if service == "migrate" else "healthy"


def is_ill(container: dict) -> bool:
    return state_of(container) != good_state(service_of(container))


def state_of(container: dict) -> str:
    """`healthy`, `starting`, `unhealthy`, or how it ended, such as `exited 0`."""
    state = container["State"]
    if state["Status"] == "running":
        return state["Health"]["Status"] if "Health" in state else "running"
    return f"{state['Status']} {state['ExitCode']}"
