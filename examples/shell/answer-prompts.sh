#!/bin/sh
# Answers a file of prompts, one a line, with GNU parallel where it is installed and xargs otherwise:
# 8 at a time, each answer in a file of its own. Run it again after an interruption: what is answered is
# passed over, and what was submitted is found again by its idempotency key, not made twice.
#
# Run:  UNDERSTUDY_API_KEY=… sh examples/shell/answer-prompts.sh [prompts.txt [folder for the answers]]
set -eu

url=${UNDERSTUDY_URL:-http://127.0.0.1:8080}
authorization="Authorization: Bearer ${UNDERSTUDY_API_KEY:?is printed by npm start}"

# answer_one NUMBER: the line of this number, with the file and the folder in the environment.
answer_one() {
  answer=$ANSWERS/$1.json
  [ -s "$answer" ] && return
  prompt=$(sed -n "$1p" "$PROMPTS")
  # A JSON text: backslash, quote and tab are all that a line can hold and JSON cannot.
  text=$(printf '%s' "$prompt" | sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g')
  key=answer-prompts-$1-$(printf '%s' "$ANSWERS $prompt" | cksum | tr ' ' -)
  body='{"endpoint": "/v1/chat/completions", "priority": "low", "body": {"model": "sandbox-chat",
    "messages": [{"role": "user", "content": "'$text'"}]}}'
  id=$(curl -fsS --retry 5 --retry-connrefused "$url/v1/jobs" -H "$authorization" \
    -H 'Content-Type: application/json' -H "Idempotency-Key: $key" -d "$body" |
    grep -oE 'job_[0-9a-z]+' | head -n 1)
  while :; do
    job=$(curl -fsS --retry 5 --retry-connrefused "$url/v1/jobs/$id" \
      -H "$authorization" -H 'Prefer: wait=30')
    case $job in *'"object":"job","status":"queued"'* | *'"object":"job","status":"in_progress"'*) ;; *) break ;; esac
  done
  # Under another name first: a file that is there is whole.
  printf '%s\n' "$job" > "$answer.part"
  mv "$answer.part" "$answer"
  echo "$1: $id"
}

if [ "${1-}" = --one ]; then
  answer_one "$2"
  exit
fi

PROMPTS=${1:-$(dirname "$0")/prompts.txt}
ANSWERS=${2:-answers}
export PROMPTS ANSWERS
mkdir -p "$ANSWERS"
count=$(grep -c '' "$PROMPTS")
# GNU's, for moreutils has another program of this name.
if parallel --version 2> /dev/null | grep -q GNU; then
  seq "$count" | parallel --jobs 8 sh "$0" --one
else
  seq "$count" | xargs -P 8 -n 1 sh "$0" --one
fi
echo "$count prompts answered in $ANSWERS"
