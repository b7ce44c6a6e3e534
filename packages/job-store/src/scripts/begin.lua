-- A worker starts a turn: it takes a fencing token, and a start that never ended becomes an
-- interrupted attempt. Whoever watches the job hears of the start; into the outbox goes only an
-- interrupted attempt, which is an event.
-- KEYS  1 record  2 request body  3 attempts  4 due times of the shard  5 outbox of the shard
-- ARGV  1 turn  2 now  3 lease check at  4 member for due  5 project  6 id  7 channel
--       8 the newest form of a record that the worker can read: a later one is left as it is
--       9 token of the start that has moved the job to this turn, or '' for whichever
--       10 what is published of the start, as JSON up to the version, which comes last
--       11 names this start: a connection that is lost with the reply sends the command again
-- Returns {'missing'} | {'newer', version of the form} | {'stale', status, turn} | {'expired'}
--       | {'started', request, progress, token, starts, attempts so far, version, body, 1 if the
--          start before never ended, else 0}
local record = redis.call('HMGET', KEYS[1], 'st', 'turn', 'prog', 'tok', 'run', 'exp', 'req',
  'starts', 'ver', 't0', 'v', 'n', 'sid')
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

local function reply(token, starts, attempts, version, interrupted)
  return {
    'started', record[7], progress, token, starts, attempts, version,
    redis.call('GET', KEYS[2]) or '', interrupted and 1 or 0,
  }
end

local attempts = tonumber(record[12] or redis.call('LLEN', KEYS[3]))
-- With its token, as a release that does not know the field leaves it behind; with '!' where the start
-- before had never ended.
local own = record[4] .. '.' .. ARGV[11]
if status == 'in_progress' and (record[13] == own or record[13] == own .. '!') then
  return reply(record[4], record[8], attempts, record[9], record[13] ~= own)
end
if tonumber(ARGV[2]) >= tonumber(record[6]) then
  return { 'expired' }
end

-- The attempt that stands for a start which never ended: in the first form where request and
-- progress are in it, else dense.
local function interrupted(number)
  local request, decoded = cjson.decode(record[7]), cjson.decode(progress)
  local started, token = tonumber(record[5]), tonumber(record[4])
  local place = decoded.place
  local planned = decoded.q or place.planned
  if place and request.dialect then
    return cjson.encode({
      number = number,
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
      queued_ms = math.max(0, started - place.since),
      started_at = started,
      maybe_billed = true,
      token = token,
    }), planned.provider
  end
  local created = request.c or request.created_at
  local since = decoded.s and created + decoded.s or place.since
  local dense = decoded.q
  if not dense then
    dense = {
      p = planned.provider, t = planned.target, k = planned.kind, w = planned.model_drawn,
      s = planned.model_sent or cjson.null, d = planned.dialect,
    }
  elseif dense.d == cjson.null then
    -- Planned without a dialect of its own means the request's.
    dense.d = nil
  end
  dense.timeout_ms = nil
  dense.r, dense.o, dense.u, dense.n = decoded.r or decoded.round, 'i', 'interrupted', token
  dense.q, dense.a, dense.maybe_billed = math.max(0, started - since), started - created, true
  return cjson.encode(dense), dense.p
end

-- As text: what Lua counts in is slow to write out, once for each command.
local token, starts = tostring(record[4] + 1), tostring(record[8] + 1)
local version = tostring(record[9] + 1)
local fields = { 'st', 'in_progress', 'run', ARGV[2], 'tok', token, 'starts', starts,
  'ver', version, 't0', record[10] or ARGV[2],
  'sid', token .. '.' .. ARGV[11] .. (status == 'in_progress' and '!' or '') }
local tally
if status == 'in_progress' then
  attempts = attempts + 1
  local text, provider = interrupted(attempts)
  tally = cjson.encode({ a = { { provider, 'interrupted', 'interrupted', 0, 0 } } })
  if record[12] then
    local more = { 'n', attempts, 'a' .. attempts, text }
    for _, value in ipairs(more) do
      fields[#fields + 1] = value
    end
  else
    redis.call('RPUSH', KEYS[3], text)
  end
end
-- One write instead of five: each is a command of its own in the append-only file.
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('ZADD', KEYS[4], math.min(tonumber(ARGV[3]), tonumber(record[6])), ARGV[4])
if status == 'in_progress' then
  redis.call('XADD', KEYS[5], '*', 'p', ARGV[5], 'j', ARGV[6], 'v', version, 's', status,
    'f', attempts, 'a', tally)
end
redis.call('PUBLISH', ARGV[7], ARGV[10] .. version .. '}')
return reply(token, starts, attempts, version, status == 'in_progress')
