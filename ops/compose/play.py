"""A ticket's way through Crossbill and back, seen from the two systems' screens."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hands import CONNECTOR, Hands, udf
from stack import Failed, Stack, wait

CARD_NUMBER, JOB_NUMBER = "Jim2 CardNo", "Jim2 Job#"
SERVICE_DESK = "SD"  # the initials of whoever works in Jim2
# The stand-ins, from inside their container.
AUTOTASK, JIM2 = "http://127.0.0.1:8081", "http://127.0.0.1:8082"
COMMENT = "Customer called back, part is on the way."
NOTE, SECRET = "We come by on Tuesday at nine.", "They never pay in time."
# Autotask's words for who may see a note.
EVERYBODY, INTERNAL = 1, 2


class Play:
    """One stack's operator and people."""

    def __init__(self, stack: Stack):
        self.stack = stack
        self.tickets: list[str] = []
        self.last: tuple[int, int] | None = None

    def connect(self) -> str:
        """The operator's first command, then waits until a customer of both systems is linked."""
        since = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.crossbill("connect", "--yes", "--from", since, "--create", "ticket", "--resume")
        linked = self.expect(120, "a company carries its Jim2 card number", self.linked_companies)
        left = len(self.unmatched())
        return f"Crossbill connected; {len(linked)} companies carry their Jim2 card number, {left} records are listed"

    def unmatched(self) -> list[str]:
        """The records that `connect` left to the operator, from where the next command of the operator's finds them."""
        command = ["run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "crossbill", "crossbill-unmatched.csv"]
        lines = self.stack.compose(*command).splitlines()[1:]
        if not lines:
            raise Failed("connect listed nothing, though the stand-ins have companies that only one of them knows")
        return lines

    def ticket_to_job(self, seconds: float = 60) -> str:
        """Raises a ticket in Autotask, and waits for its job and for the job's number on the ticket."""
        autotask = self.autotask()
        company, person = self.linked_companies()[0]["id"], self.person()
        due = (datetime.now(timezone.utc) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        ticket = autotask.create(
            "Tickets", person, companyID=company, title=f"Printer {len(self.tickets) + 1} prints blank pages",
            description="All pages come out blank since this morning.", status=1, priority=2, queueID=29682833,
            ticketType=1, issueType=12, source=2, dueDateTime=due,
        )
        number = self.ticket(ticket)["ticketNumber"]
        self.tickets.append(number)

        def job_exists():
            return next((job["id"] for job in self.jobs_of(number)), None)

        job = self.expect(seconds, f"ticket {number} is a job in Jim2", job_exists)

        def number_is_back():
            seen = udf(self.ticket(ticket), JOB_NUMBER)
            return seen == str(job) or f"not yet: the ticket's {JOB_NUMBER} is {seen or 'empty'}"

        self.expect(seconds, f"the number of job {job} is on ticket {number}", number_is_back)
        self.last = (ticket, job)
        return f"ticket {number} became job {job}, and the job's number is on the ticket"

    def job_to_ticket(self) -> str:
        """Works on the last ticket's job in Jim2, and waits until the ticket tells so."""
        if self.last is None:
            raise Failed("there is no job yet")
        ticket, job = self.last
        before, jim2 = self.ticket(ticket)["status"], self.jim2()
        jim2.edit("Job", job, SERVICE_DESK, Status="Proceed")
        jim2.create("JobComment", SERVICE_DESK, jobNo=job, comment=COMMENT)

        def status_follows():
            now = self.ticket(ticket)["status"]
            return f"not yet: the status is {now}" if now == before else str(now)

        def comment_follows():
            notes = [note for note in self.autotask().records("TicketNotes") if note["ticketID"] == ticket]
            return any(COMMENT in (note["description"] or "") for note in notes) or f"not yet: it has {len(notes)} notes"

        status = self.expect(90, f"the status of ticket {ticket} follows job {job}", status_follows)
        self.expect(90, f"the comment on job {job} is a note of ticket {ticket}", comment_follows)
        return f"job {job} went to Proceed and got a comment; the ticket's status went from {before} to {status}, with the note"

    def note_to_comment(self) -> str:
        """Writes notes on the last ticket: what the customer may see becomes a comment of its job, and nothing else."""
        if self.last is None:
            raise Failed("there is no job yet")
        (ticket, job), autotask, person = self.last, self.autotask(), self.person()
        for publish, words in ((INTERNAL, SECRET), (EVERYBODY, NOTE)):
            autotask.create(
                "TicketNotes", person, ticketID=ticket, title="Visit", description=words, noteType=1, publish=publish,
            )

        def comment_is_there():
            comments = self.comments_of(job)
            return any(NOTE in one for one in comments) or f"not yet: it has {len(comments)} comments"

        self.expect(90, f"the note on ticket {ticket} is a comment of job {job}", comment_is_there)
        if any(SECRET in one for one in self.comments_of(job)):
            raise Failed(f"the internal note on ticket {ticket} is a comment of job {job}")
        return f"a note on ticket {ticket} became a comment of job {job}; the internal one stayed"

    def count_jobs(self) -> str:
        doubled = [number for number in self.tickets if len(self.jobs_of(number)) != 1]
        if doubled:
            raise Failed(f"these have another number of jobs: {', '.join(doubled)}")
        return f"each of the {len(self.tickets)} tickets has one job"

    def agree(self) -> str:
        """Settles what differed before Crossbill came, and waits until both systems' screens tell the same."""
        self.crossbill("mapping", "apply", "--yes")

        def both_sides():
            try:
                return self.stack.inside("sandbox", "sandbox", "check", "--autotask", AUTOTASK, "--jim2", JIM2).strip()
            except Failed as error:
                return f"not yet: {error}"

        return self.expect(90, "both sides agree on every record", both_sides)

    def is_well(self) -> None:
        """Settles what differed before Crossbill, and waits until the operator is told that nothing waits."""
        self.crossbill("mapping", "apply", "--yes")

        def all_is_well():
            first = self.crossbill("status").partition("\n\n")[0]
            return "All is well" in first or f"not yet: {first}"

        self.expect(90, "`crossbill status` says that all is well", all_is_well)

    def crossbill(self, *arguments: str) -> str:
        return self.stack.compose("run", "--rm", "--no-deps", "-T", "crossbill", *arguments, deadline=300)

    def expect(self, seconds: float, what: str, look):
        """Waits like `wait`; where it does not come true, Crossbill is asked why."""
        try:
            return wait(seconds, what, look)
        except Failed as error:
            raise Failed(f"{error}\n{self.asked('status')}\n{self.asked('held', 'list')}") from error

    def asked(self, *command: str) -> str:
        """What Crossbill says to an operator's command."""
        try:
            said = self.crossbill(*command).strip()
        except Failed as error:
            said = str(error)
        return f"`crossbill {' '.join(command)}` says:\n{said}"

    def autotask(self) -> Hands:
        return Hands(self.stack.published()["sandbox 8081/tcp"][0])

    def jim2(self) -> Hands:
        return Hands(self.stack.published()["sandbox 8082/tcp"][0])

    def ticket(self, key: int) -> dict:
        return next(ticket for ticket in self.autotask().records("Tickets") if ticket["id"] == key)

    def jobs_of(self, number: str) -> list[dict]:
        """The jobs whose reference names the ticket, of whatever generation."""
        jobs = self.jim2().records("Job")
        return [job for job in jobs if str(job["OurRef"]).split("/")[0] == number]

    def comments_of(self, job: int) -> list[str]:
        """What the comments of a job say."""
        return [one["comment"] or "" for one in self.jim2().records("JobComment") if one["id"].startswith(f"{job}-")]

    def linked_companies(self) -> list[dict]:
        return [one for one in self.autotask().records("Companies") if one["id"] != 0 and udf(one, CARD_NUMBER)]

    def person(self) -> int:
        resources = self.autotask().records("Resources")
        return next(one["id"] for one in resources if one["isActive"] and one["id"] != CONNECTOR)
