-- Moves a job on: to its next place, or to its end. Nothing changes unless every guard holds.
-- KEYS  1 record  2 request body  3 attempts  4 result body  5 due times  6 outbox
--       7 tombstone of the idempotency key
-- ARGV, of which each may be '' where it is not needed
--       1 token  2 turn  3 version: guards, each only where given
--       4 the newest form of a record that the caller can read; a later one is left as it is
--       5 the form that the caller writes, '' for the first
--       6 status  7 next turn
--       8 1 to go on counting starts that never ended; the one that holds the token has
--       9 next due time, '' at the end of a job  10 project  11 id  12 member for due  13 channel
--       14 what is published of the change, as JSON up to the version, which comes last
--       15 numbers of the attempts of this change that failed, as '3,4'
--       16 what a job that ends has cost, in USD  17 tally of the attempts of this change
--       18 progress JSON  19 end JSON  20 ended at  21 milliseconds to keep a job that ends
--       22 result bytes  23 what is told of a job that was answered, as JSON
--       24 number of folded attempts n
--       25... n pairs: attempt number, attempt JSON; then the attempts to append
-- Returns {1, version} or {0, status, turn, token}

-- How long an idempotency key is remembered past the life of its job.
local TOMBSTONE_MS = 86400000
-- How long the answer of a batch's line waits for the file it goes to, should nobody write it.
local LINE_KEEP_MS = 2592000000
-- How long request and result of a job that is not to be stored wait for somebody to fetch them.
local UNSTORED_KEEP_MS = 600000
-- So much sooner they are forgotten together with the rest; the limit above holds without anybody.
local FORGET_AHEAD_MS = 10000

local record = redis.call('HMGET', KEYS[1], 'st', 'turn', 'tok', 'ver', 'starts', 'fp', 'line',
  'unstored', 'key', 'v', 'n')
local status, turn, token, version = record[1], record[2], record[3], record[4]
if not status then
  return { 0, 'missing', 0, 0 }
end
local form = tonumber(record[10] or 1)
if form > tonumber(ARGV[4]) then
  return { 0, 'newer', turn, token }
end
if (status ~= 'queued' and status ~= 'in_progress')
  or (ARGV[2] ~= '' and ARGV[2] ~= turn)
  or (ARGV[3] ~= '' and ARGV[3] ~= version)
  or (ARGV[1] ~= '' and (ARGV[1] ~= token or status ~= 'in_progress')) then
  return { 0, status, turn, token }
end

-- As text here and below: what Lua counts in is slow to write out, once for each command.
version = tostring(version + 1)
-- One write instead of four: each is a command of its own in the append-only file.
local fields = { 'ver', version, 'st', ARGV[6], 'turn', ARGV[7] }
local function set(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
-- Attempts are fields of the record; of one that was made in the first form, entries of a list.
local attempts, folded = tonumber(record[11]), tonumber(ARGV[24])
for i = 0, folded - 1 do
  local number, text = ARGV[25 + 2 * i], ARGV[26 + 2 * i]
  if attempts then
    set('a' .. number, text)
  else
    redis.call('LSET', KEYS[3], tonumber(number) - 1, text)
  end
end
for i = 25 + 2 * folded, #ARGV do
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
if ARGV[8] == '' then
  set('starts', '0')
elseif ARGV[1] ~= '' then
  set('starts', record[5] - 1)
end
if ARGV[5] ~= '' and tonumber(ARGV[5]) > form then
  set('v', ARGV[5])
end
if ARGV[18] ~= '' then
  set('prog', ARGV[18])
end
local due = ARGV[9]
if due == '' then
  set('t1', ARGV[20])
  set('end', ARGV[19])
end
redis.call('HSET', KEYS[1], unpack(fields))
if due ~= '' then
  redis.call('HDEL', KEYS[1], 'run', 'sid')
  redis.call('ZADD', KEYS[5], due, ARGV[12])
else
  redis.call('HDEL', KEYS[1], 'run', 'sid', 'exp')
  redis.call('ZREM', KEYS[5], ARGV[12])
  local fingerprint, keep = record[6], ARGV[21]
  if record[7] then
    keep = math.max(keep, LINE_KEEP_MS)
  end
  local keepPayload = keep
  if record[8] then
    keepPayload = math.min(keep, UNSTORED_KEEP_MS)
    local forgotten = ARGV[20] + math.min(keep, UNSTORED_KEEP_MS - FORGET_AHEAD_MS)
    redis.call('ZADD', KEYS[5], forgotten, ARGV[12])
  end
  if ARGV[22] ~= '' then
    redis.call('SET', KEYS[4], ARGV[22], 'PX', keepPayload)
  end
  redis.call('PEXPIRE', KEYS[1], keep)
  redis.call('PEXPIRE', KEYS[2], keepPayload)
  if not attempts then
    redis.call('PEXPIRE', KEYS[3], keep)
  end
  if fingerprint then
    -- Outlives the job, so that a late repeat of its submit makes no second one.
    redis.call('SET', KEYS[7], fingerprint, 'PX', keep + TOMBSTONE_MS)
  end
end
local told = { 'p', ARGV[10], 'j', ARGV[11], 'v', version, 's', ARGV[6] }
local optional = { f = ARGV[15], k = record[9], c = ARGV[16], a = ARGV[17] }
optional[record[7] and 'l' or 'o'] = ARGV[23]
for name, value in pairs(optional) do
  if value and value ~= '' then
    told[#told + 1] = name
    told[#told + 1] = value
  end
end
redis.call('XADD', KEYS[6], '*', unpack(told))
redis.call('PUBLISH', ARGV[13], ARGV[14] .. version .. '}')
return { 1, version }
