"""Talks to an Autotask as a Django site does with django-autotask, and tells what it got as JSON.

    through_django_autotask.py ACT    the act is a function below; standard input has {"url", "user", "secret", "code", …}

The package finds the zone by itself, from the address that it documents for that (AUTOTASK_SERVER_URL).
"""

import json
import sys
from types import SimpleNamespace

from django.conf import settings

SITE = json.load(sys.stdin)
settings.configure(
    AUTOTASK_SERVER_URL=f"{SITE['url']}/ATServicesRest/",
    AUTOTASK_CREDENTIALS={
        "username": SITE["user"],
        "password": SITE["secret"],
        "integration_code": SITE["code"],
        "rest_api_version": "1.0",
    },
)

# The package reads Django's settings as it is loaded.
from djautotask import api  # noqa: E402

NEW = SimpleNamespace(id=None)


def pages(client, **kwargs):
    """What djautotask.sync does to read a whole list."""
    client.add_condition(api.ApiCondition(op="exist", field="id"))
    url = None
    while True:
        answer = client.get(url, **kwargs)
        yield [item["id"] for item in answer["items"]]
        url = answer["pageDetails"]["nextPageUrl"]
        if not url:
            return


def zone():
    client = api.TicketsAPIClient()
    return {"api": client.api_base_url, "web": api.get_web_connection_url(SITE["user"])}


def whole_list_by_get():
    """Follows the address of the next page with GET."""
    return {"pages": list(pages(api.TicketsAPIClient()))}


def whole_list_by_post():
    """Posts the same query to the address of the next page."""
    return {"pages": list(pages(api.TicketNotesAPIClient()))}


def ticket():
    client = api.TicketsAPIClient()
    made = client.create(NEW, **SITE["ticket"])
    before = client.get_single(made)["item"]
    answer = client.update(SimpleNamespace(id=made), SITE["change"])
    after = client.get_single(made)["item"]
    return {"id": made, "before": before, "answer": answer, "after": after}


def note():
    client = api.TicketNotesAPIClient()
    parent = SimpleNamespace(id=SITE["parent"])
    made = client.create(NEW, parent, **SITE["note"])
    answer = client.update(SimpleNamespace(id=made), parent, SITE["change"])
    client.add_condition(api.ApiCondition(op="eq", field="ticketID", value=parent.id))
    items = client.get(None)["items"]
    return {"id": made, "answer": answer, "items": items}


def metadata():
    picklists = api.TicketPicklistAPIClient().get(None)
    udfs = api.TicketsUDFAPIClient()
    return {"fields": picklists["fields"], "udfs": udfs.get(udfs.get_api_url())["fields"]}


def mistaken():
    """Creates what the system refuses, for the sentence that the client makes of it."""
    try:
        api.TicketsAPIClient().create(NEW, **SITE["ticket"])
    except api.AutotaskAPIServerError as error:
        return {"refusal": str(error)}
    return {"refusal": None}


ACTS = (
    zone,
    whole_list_by_get,
    whole_list_by_post,
    ticket,
    note,
    metadata,
    mistaken,
)
json.dump({act.__name__: act for act in ACTS}[sys.argv[1]](), sys.stdout)
