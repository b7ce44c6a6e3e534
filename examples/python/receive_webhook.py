"""Is told when a job ends instead of asking: a small receiver that verifies the signature.

It listens on this machine, submits one job that names it as its callback, waits for the delivery and
ends. `npm start` permits callbacks to this machine; elsewhere see `outbound` in the configuration.

Run:  UNDERSTUDY_API_KEY=… python3 examples/python/receive_webhook.py
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

URL = os.environ.get("UNDERSTUDY_URL", "http://127.0.0.1:8080")
KEY = os.environ["UNDERSTUDY_API_KEY"]
SECRET = secrets.token_bytes(32)
TOLERANCE_SECONDS = 300


def verify(headers, body):
    """Gives the event of a delivery; raises ValueError for what is forged or old."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("too old, or from the future")
    # Over the bytes as they came: JSON that was parsed and written again has others.
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
    # Several during a rotation of the secret.
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise ValueError("no signature fits")
    return json.loads(body)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            event = verify(self.headers, body)
        except ValueError as problem:
            print("refused:", problem, flush=True)
            self.send_response(400)
            self.end_headers()
            return
        # Answer first, work afterwards.
        self.send_response(204)
        self.end_headers()
        self.server.event = event

    def log_message(self, *_):
        pass


receiver = HTTPServer(("127.0.0.1", 0), Receiver)
receiver.event = None
job = {
    "endpoint": "/v1/chat/completions",
    "body": {"model": "sandbox-chat", "messages": [{"role": "user", "content": "Say hello."}]},
    "callback": {
        "url": f"http://127.0.0.1:{receiver.server_port}/",
        "secret": "whsec_" + base64.b64encode(SECRET).decode(),
        "include": "result",
    },
}
request = urllib.request.Request(
    URL + "/v1/jobs",
    data=json.dumps(job).encode(),
    headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
)
with urllib.request.urlopen(request, timeout=60) as response:
    print("accepted", json.load(response)["id"])

while receiver.event is None:
    receiver.handle_request()
data = receiver.event["data"]
print("verified", receiver.event["type"], data["id"])
print(data["result"]["body"]["choices"][0]["message"]["content"])
