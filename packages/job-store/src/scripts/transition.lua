-- Moves a job on: to its next place, or to its end. Nothing changes unless every guard holds.
-- KEYS  1 record  2 request body  3 attempts  4 result body  5 due times  6 outbox
--       7 tombstone of the idempotency key
-- ARGV  1 JSON {token?, turn?, version?, keepStarts?, status, nextTurn, due?, endedAt?, keepMs?,
--               failed?, spent?, tally, tombstoneMs, lineKeepMs, unstoredMs,
--               forgetMs, newest, written?, project, id, member, channel}
--         token, turn, version: guards, each only where given
--         failed?: numbers of the attempts of this change that failed, as '3,4'
--         spent?: what a job that ends has cost, in USD
--         tally: of the attempts of this change, or ''
--         keepStarts: go on counting starts that never ended; the one that holds the token has
--         due: next due time; absent at the end of a job
--         lineKeepMs: how long a batch's line is kept at least, for its answer to be moved
--         unstoredMs: how long request and result are kept of a job that is not to be stored;
--         forgetMs: when it is due again for them to be forgotten
--         newest: of the forms of a record that the caller can read; a later one is left as it is
--         written?: the form that the caller writes, where it is not the first
--       2 progress JSON or ''  3 end JSON or ''  4 result bytes or ''  5 number of folded attempts n
--       6.. n pairs: attempt number, attempt JSON; then the attempts to append
-- Returns {1, version} or {0, status, turn, token}
local change = cjson.decode(ARGV[1])
local record = redis.call('HMGET', KEYS[1], 'st', 'turn', 'tok', 'ver', 'starts', 'fp', 'line',
  'unstored', 'key', 'v', 'n')
local status, turn, token, version = record[1], record[2], record[3], record[4]
if not status then
  return { 0, 'missing', 0, 0 }
end
local form = tonumber(record[10] or 1)
if form > change.newest then
  return { 0, 'newer', turn, token }
end
if (status ~= 'queued' and status ~= 'in_progress')
  or (change.turn and tostring(change.turn) ~= turn)
  or (change.version and tostring(change.version) ~= version)
  or (change.token and (tostring(change.token) ~= token or status ~= 'in_progress')) then
  return { 0, status, turn, token }
end

version = version + 1
-- One write instead of four: each is a command of its own in the append-only file.
local fields = { 'ver', version, 'st', change.status, 'turn', change.nextTurn }
local function set(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
-- Attempts are fields of the record; of one that was made in the first form, entries of a list.
local attempts, folded = tonumber(record[11]), tonumber(ARGV[5])
for i = 0, folded - 1 do
  local number, text = ARGV[6 + 2 * i], ARGV[7 + 2 * i]
  if attempts then
    set('a' .. number, text)
  else
    redis.call('LSET', KEYS[3], tonumber(number) - 1, text)
  end
end
for i = 6 + 2 * folded, #ARGV do
  if attempts then
    attempts = attempts + 1
    set('a' .. attempts, ARGV[i])
  else
    redis.call('RPUSH', KEYS[3], ARGV[i])
  end
end
if attempts and attempts > tonumber(record[11]) then
  set('n', attempts)
end
if not change.keepStarts then
  set('starts', 0)
elseif change.token then
  set('starts', record[5] - 1)
end
if change.written and change.written > form then
  set('v', change.written)
end
if ARGV[2] ~= '' then
  set('prog', ARGV[2])
end
if not change.due then
  set('t1', change.endedAt)
  set('end', ARGV[3])
end
redis.call('HSET', KEYS[1], unpack(fields))
if change.due then
  redis.call('HDEL', KEYS[1], 'run')
  redis.call('ZADD', KEYS[5], change.due, change.member)
else
  redis.call('HDEL', KEYS[1], 'run', 'exp')
  redis.call('ZREM', KEYS[5], change.member)
  local fingerprint, keep = record[6], change.keepMs
  if record[7] then
    keep = math.max(keep, change.lineKeepMs)
  end
  local keepPayload = keep
  if record[8] then
    keepPayload = math.min(keep, change.unstoredMs)
    redis.call('ZADD', KEYS[5], change.endedAt + math.min(keep, change.forgetMs), change.member)
  end
  if ARGV[4] ~= '' then
    redis.call('SET', KEYS[4], ARGV[4], 'PX', keepPayload)
  end
  redis.call('PEXPIRE', KEYS[1], keep)
  redis.call('PEXPIRE', KEYS[2], keepPayload)
  if not attempts then
    redis.call('PEXPIRE', KEYS[3], keep)
  end
  if fingerprint then
    -- Outlives the job, so that a late repeat of its submit makes no second one.
    redis.call('SET', KEYS[7], fingerprint, 'PX', keep + change.tombstoneMs)
  end
end
local told = { 'p', change.project, 'j', change.id, 'v', version, 's', change.status }
for name, value in pairs({ f = change.failed, k = record[9], c = change.spent, a = change.tally }) do
  if value and value ~= '' then
    told[#told + 1] = name
    told[#told + 1] = value
  end
end
redis.call('XADD', KEYS[6], '*', unpack(told))
redis.call('PUBLISH', change.channel, cjson.encode({
  v = 1, project = change.project, id = change.id, version = version, status = change.status,
}))
return { 1, version }
