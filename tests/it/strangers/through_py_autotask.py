"""Talks to an Autotask with py-autotask, and tells what it got as JSON.

    through_py_autotask.py ACT    the act is a function below; standard input has {"url", "user", "secret", "code", …}
"""

import base64
import hashlib
import hmac
import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from py_autotask import AutotaskClient
from py_autotask.exceptions import AutotaskAPIError

SITE = json.load(sys.stdin)
PATIENCE_SECONDS = 20

client = AutotaskClient.create(
    username=SITE["user"],
    secret=SITE["secret"],
    integration_code=SITE["code"],
    api_url=f"{SITE['url']}/ATServicesRest",
)


def ticket():
    made = client.tickets.create(SITE["ticket"]).item_id
    wanted = [{"field": "title", "op": "eq", "value": SITE["ticket"]["title"]}]
    return {
        "id": made,
        "got": client.tickets.get(made),
        "found": client.tickets.query(wanted).items,
        "gone": client.tickets.get(1),
    }


def update_by_id():
    """Updates at the record's own address, as this client does and the real system refuses."""
    return tried(
        lambda: client.tickets.get(SITE["id"]),
        lambda: client.tickets.update({"id": SITE["id"], "title": "By another door"}),
    )


def note():
    made = client.create_child_entity("Tickets", SITE["id"], "Notes", SITE["note"]).item_id
    change = {"id": made, "title": "By another door"}
    return {
        "id": made,
        "update": tried(
            lambda: client.get("TicketNotes", made),
            lambda: client.update_child_entity("Tickets", SITE["id"], "Notes", change),
        ),
    }


def tried(look, act):
    before = look()
    refusal = None
    try:
        act()
    except AutotaskAPIError as error:
        refusal = str(error)
    return {"before": before, "refusal": refusal, "after": look()}


def metadata():
    return {
        "ticket": client.tickets.get_entity_info(),
        "fields": client.tickets.get_field_info(),
        "webhookFields": client.get_field_info("TicketWebhookFields"),
    }


def webhook():
    """Registers a webhook, makes a ticket, and waits for the call that tells of it."""
    received = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.put((body, self.headers["X-Hook-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"

    hook = client.create_entity(
        "TicketWebhooks",
        {
            "name": "strangers",
            "webhookUrl": f"{address}/tickets",
            "deactivationUrl": f"{address}/deactivated",
            "secretKey": SITE["key"],
            "isActive": True,
            "isSubscribedToCreateEvents": True,
            "isSubscribedToUpdateEvents": True,
            "isSubscribedToDeleteEvents": False,
            "sendThresholdExceededNotification": False,
        },
    ).item_id
    fields = {
        value["label"]: int(value["value"])
        for field in client.get_field_info("TicketWebhookFields")["fields"]
        if field["name"] == "fieldID"
        for value in field["picklistValues"]
    }
    unready = client.get("TicketWebhooks", hook)
    client.create_child_entity(
        "TicketWebhooks",
        hook,
        "Fields",
        {
            "webhookID": hook,
            "fieldID": fields[SITE["watched"]],
            "isSubscribedField": True,
            "isDisplayAlwaysField": False,
        },
    )
    ready = client.get("TicketWebhooks", hook)
    made = client.tickets.create(SITE["ticket"]).item_id
    body, signature = received.get(timeout=PATIENCE_SECONDS)
    client.delete("TicketWebhooks", hook)
    server.shutdown()
    return {
        "unready": unready,
        "ready": ready,
        "ticket": made,
        "event": json.loads(body),
        "signature": signature,
        "signed": signature == signed(body, SITE["key"]),
        "signedByAnother": signature == signed(body, "another key"),
        "left": client.get("TicketWebhooks", hook),
    }


def signed(body, key):
    digest = hmac.new(key.encode(), body, hashlib.sha1).digest()
    return "sha1=" + base64.b64encode(digest).decode()


ACTS = (ticket, update_by_id, note, metadata, webhook)
json.dump({act.__name__: act for act in ACTS}[sys.argv[1]](), sys.stdout)
