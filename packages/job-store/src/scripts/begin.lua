-- A worker starts a turn: it takes a fencing token, and a start that never ended becomes an
-- interrupted attempt. Whoever watches the job hears of the start; into the outbox goes only an
-- interrupted attempt, which is an event.
-- KEYS  1 record  2 request body  3 attempts  4 due times of the shard  5 outbox of the shard
-- ARGV  1 turn  2 now  3 lease check at  4 member for due  5 project  6 id  7 channel
--       8 the newest form of a record that the worker can read: a later one is left as it is
--       9 token of the start that has moved the job to this turn, or '' for whichever
-- Returns {'missing'} | {'newer', version of the form} | {'stale', status, turn} | {'expired'}
--       | {'started', request, progress, token, starts, attempts so far, version, body, 1 if the
--          start before never ended, else 0}
local record = redis.call('HMGET', KEYS[1], 'st', 'turn', 'prog', 'tok', 'run', 'exp', 'req',
  'starts', 'ver', 't0', 'v')
local status, turn, progress = record[1], record[2], record[3]
if not status then
  return { 'missing' }
end
if record[11] and tonumber(record[11]) > tonumber(ARGV[8]) then
  return { 'newer', record[11] }
end
if (status ~= 'queued' and status ~= 'in_progress') or turn ~= ARGV[1] then
  return { 'stale', status, turn }
end
-- Each start of a turn takes a token and is counted until one has ended.
if ARGV[9] ~= '' and tonumber(ARGV[9]) ~= record[4] - record[8] then
  return { 'stale', status, turn }
end
if tonumber(ARGV[2]) >= tonumber(record[6]) then
  return { 'expired' }
end
local tally
if status == 'in_progress' then
  local request, decoded = cjson.decode(record[7]), cjson.decode(progress)
  local planned = decoded.place.planned
  redis.call('RPUSH', KEYS[3], cjson.encode({
    number = redis.call('LLEN', KEYS[3]) + 1,
    round = decoded.round,
    target = planned.target,
    provider = planned.provider,
    kind = planned.kind,
    dialect = planned.dialect or request.dialect,
    model_requested = request.model,
    model_drawn = planned.model_drawn,
    model_sent = planned.model_sent,
    outcome = 'interrupted',
    rule = 'interrupted',
    queued_ms = math.max(0, tonumber(record[5]) - decoded.place.since),
    started_at = tonumber(record[5]),
    maybe_billed = true,
    token = tonumber(record[4]),
  }))
  tally = cjson.encode({ a = { { planned.provider, 'interrupted', 'interrupted', 0, 0 } } })
end
-- One write instead of five: each is a command of its own in the append-only file.
local token, starts, version = record[4] + 1, record[8] + 1, record[9] + 1
redis.call('HSET', KEYS[1], 'st', 'in_progress', 'run', ARGV[2], 'tok', token, 'starts', starts,
  'ver', version, 't0', record[10] or ARGV[2])
redis.call('ZADD', KEYS[4], math.min(tonumber(ARGV[3]), tonumber(record[6])), ARGV[4])
if status == 'in_progress' then
  redis.call('XADD', KEYS[5], '*', 'p', ARGV[5], 'j', ARGV[6], 'v', version, 's', status,
    'f', redis.call('LLEN', KEYS[3]), 'a', tally)
end
redis.call('PUBLISH', ARGV[7], cjson.encode({
  v = 1, project = ARGV[5], id = ARGV[6], version = version, status = 'in_progress',
}))
return {
  'started', record[7], progress, token, starts, redis.call('LLEN', KEYS[3]), version,
  redis.call('GET', KEYS[2]) or '', status == 'in_progress' and 1 or 0,
}
