"""Submits twenty jobs and polls until all have ended, with Python's standard library alone.

A job is safe as soon as its submit is answered, so a poll that fails is simply made again.

Run:  UNDERSTUDY_API_KEY=… python3 examples/python/submit_twenty.py
"""

import json
import os
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("UNDERSTUDY_URL", "http://127.0.0.1:8080")
KEY = os.environ["UNDERSTUDY_API_KEY"]
JOBS = 20
TRIES = 6


def ask(method, path, body=None, headers=None):
    """One request; again while the broker is away or busy. The key below makes that safe."""
    request = urllib.request.Request(
        URL + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **(headers or {})},
    )
    for number in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in (408, 429) and error.code < 500 or number == TRIES - 1:
                raise
            delay = float(error.headers.get("Retry-After") or 2**number)
        except OSError:
            if number == TRIES - 1:
                raise
            delay = 2**number
        time.sleep(delay)


def submit(number):
    body = {
        "model": "sandbox-status-codes",
        "messages": [{"role": "user", "content": f"Hello number {number}"}],
    }
    # One key per job: sent twice, it is one job all the same.
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    return ask("POST", "/v1/jobs", {"endpoint": "/v1/chat/completions", "body": body}, headers)


waiting = {submit(number)["id"] for number in range(1, JOBS + 1)}
print(f"{len(waiting)} jobs accepted")

while waiting:
    # Held by the broker until the job has ended, for ten seconds at most.
    job = ask("GET", f"/v1/jobs/{next(iter(waiting))}", headers={"Prefer": "wait=10"})
    if job["status"] in ("queued", "in_progress"):
        continue
    waiting.remove(job["id"])
    answer = job["result"]["body"]["choices"][0]["message"]["content"] if "result" in job else job.get("error")
    print(job["id"], job["status"], f"after {len(job['attempts'])} attempts:", answer)
