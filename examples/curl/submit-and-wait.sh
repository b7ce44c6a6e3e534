#!/bin/sh
# Submits one job with curl and waits for its answer without holding a connection for long: each
# request asks the broker to answer as soon as the job has ended, or after 30 seconds.
#
# Run:  UNDERSTUDY_API_KEY=… sh examples/curl/submit-and-wait.sh
set -eu

url=${UNDERSTUDY_URL:-http://127.0.0.1:8080}
authorization="Authorization: Bearer ${UNDERSTUDY_API_KEY:?is printed by npm start}"

# Run again within the same minute, this finds the same job and makes no second one.
accepted=$(curl -fsS --retry 5 --retry-connrefused "$url/v1/jobs" \
  -H "$authorization" \
  -H 'Content-Type: application/json' \
  -H "Idempotency-Key: submit-and-wait-$(date +%Y%m%d%H%M)" \
  -d '{
    "endpoint": "/v1/chat/completions",
    "body": {
      "model": "sandbox-status-codes",
      "messages": [{"role": "user", "content": "Say hello."}]
    },
    "expires_in": "10m"
  }')
id=$(printf '%s' "$accepted" | grep -oE 'job_[0-9a-z]+' | head -n 1)
echo "accepted: $id" >&2

while :; do
  job=$(curl -fsS --retry 5 --retry-connrefused "$url/v1/jobs/$id" \
    -H "$authorization" -H 'Prefer: wait=30')
  case $job in
    *'"object":"job","status":"completed"'*) break ;;
    *'"object":"job","status":"queued"'* | *'"object":"job","status":"in_progress"'*) ;;
    *) printf '%s\n' "$job"; echo 'the job has ended without an answer' >&2; exit 1 ;;
  esac
done

# The answer, and every provider that was tried before: four of them refused.
printf '%s\n' "$job"
