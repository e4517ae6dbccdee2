"""What people do on the screens of Autotask and Jim2, done to the stand-ins."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from stack import Failed

# The stand-ins are on this machine; a proxy of the caller's would not find them.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# The connector's own account in Autotask (see the sandbox's README); everybody else is a person.
CONNECTOR = 29682999


class Hands:
    """One stand-in's human-hands endpoints."""

    def __init__(self, address: str):
        self.base = f"http://{address}/sandbox"

    def ask(self, path: str, body: dict | None = None) -> dict:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.base}/{path}", data, {"Content-Type": "application/json"})
        try:
            with DIRECT.open(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Failed(f"{request.full_url} answered {error.code}: {error.read().decode(errors='replace')}") from error
        except (OSError, ValueError) as error:
            raise Failed(f"{request.full_url} gave no readable answer: {error}") from error

    def create(self, entity: str, by, **fields):
        return self.ask("create", {"entity": entity, "by": by, "set": fields})["id"]

    def edit(self, entity: str, key, by, **fields) -> None:
        self.ask("edit", {"entity": entity, "id": key, "by": by, "set": fields})

    def records(self, entity: str) -> list[dict]:
        """Every record of an entity, as its API would tell it."""
        state = self.ask("state")
        if entity not in state:
            raise Failed(f"{self.base}/state tells no {entity}, only {', '.join(sorted(state))}")
        return state[entity]


def udf(record: dict, name: str) -> str:
    """A user-defined field of an Autotask record; empty when it has none."""
    fields = record.get("userDefinedFields") or []
    return next((str(field["value"]) for field in fields if field["name"] == name and field["value"]), "")
