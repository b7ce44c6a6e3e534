-- Records the outcome of a try, once: only while the delivery is pending, a failure only by the
-- try that holds the token. A success of a try that lost its lease counts: the receiver has it.
-- KEYS  1 delivery  2 its log  3 due times  4 pending by the time they were opened
--       5 dead by the time they died  6 settled and not yet in the project's lists  7 state
--       8 delivered by the time they were  9 endpoint
-- ARGV  1 JSON {id, token, now, outcome: 'delivered' | 'failed', nextAt?, nextAtAnew?, dead?,
--       restUntil?, version?, opensAfter, restsMs: […], keepMs, keptTries, forgottenAtOnce}
--       nextAt: of a failure, unless `dead` gives the reason why none follows
--       restUntil: the receiver asked to be left alone so long
--       version: of a failure, that of the endpoint as the try read it. Where the endpoint has begun anew
--       since, the failure says nothing of it, and nextAtAnew counts instead of nextAt
--       2 try JSON  3 status code or ''
-- Returns 1, or 0 when nothing changed
local change = cjson.decode(ARGV[1])
local delivery = redis.call('HMGET', KEYS[1], 'st', 'token', 'probe')
if delivery[1] ~= 'pending'
  or (change.outcome ~= 'delivered' and delivery[2] ~= tostring(change.token)) then
  return 0
end
local at = string.format('%d', change.now)
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], -change.keptTries, -1)
redis.call('HINCRBY', KEYS[1], 'tries', 1)
redis.call('HINCRBY', KEYS[1], 'log', 1)
redis.call('HDEL', KEYS[1], 'lease', 'probe', 'unread')
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'status', ARGV[3])
else
  redis.call('HDEL', KEYS[1], 'status')
end

local anew = change.version
  and tonumber(redis.call('HGET', KEYS[9], 'anew') or 0) > change.version
if change.nextAt then
  local nextAt = anew and change.nextAtAnew or change.nextAt
  redis.call('ZADD', KEYS[3], string.format('%d', nextAt), change.id)
else
  redis.call('HSET', KEYS[1], 'st', change.dead and 'dead' or 'delivered', 'settled', at)
  redis.call('HINCRBY', KEYS[1], 'settlements', 1)
  if change.dead then
    redis.call('HSET', KEYS[1], 'reason', change.dead)
    redis.call('ZADD', KEYS[5], at, change.id)
    redis.call('PEXPIRE', KEYS[5], change.keepMs)
  else
    redis.call('ZADD', KEYS[8], at, change.id)
    redis.call('PEXPIRE', KEYS[8], change.keepMs)
  end
  redis.call('ZREM', KEYS[3], change.id)
  redis.call('ZREM', KEYS[4], change.id)
  redis.call('ZADD', KEYS[6], at, change.id)
  redis.call('PEXPIRE', KEYS[1], change.keepMs)
  redis.call('PEXPIRE', KEYS[2], change.keepMs)
end
local before = string.format('(%d', change.now - change.keepMs)
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', before)
-- Some at a time, as there may be very many.
local old = redis.call('ZRANGE', KEYS[8], '-inf', before, 'BYSCORE', 'LIMIT', 0,
  change.forgottenAtOnce)
if old[1] then
  redis.call('ZREM', KEYS[8], unpack(old))
end

if change.outcome == 'delivered' then
  -- The rest of an open breaker is over; one that the receiver asked for beside this success is not.
  -- A deliverer of the release before notes that one in 'rest' alone, where any success ends it.
  local asked = redis.call('HGET', KEYS[7], 'asked')
  if asked and tonumber(asked) > change.now then
    redis.call('HSET', KEYS[7], 'rest', asked)
  else
    redis.call('HDEL', KEYS[7], 'rest', 'asked')
  end
  redis.call('HDEL', KEYS[7], 'fails', 'rests', 'failing')
  return 1
end
if anew then
  return 1
end
redis.call('HSETNX', KEYS[7], 'failing', at)
local fails = redis.call('HINCRBY', KEYS[7], 'fails', 1)
local rest = change.restUntil or 0
if rest > tonumber(redis.call('HGET', KEYS[7], 'asked') or 0) then
  redis.call('HSET', KEYS[7], 'asked', string.format('%d', rest))
end
-- Stragglers of the time before the breaker opened do not lengthen its rest; a probe does.
if fails == change.opensAfter or delivery[3] == '1' then
  local rests = redis.call('HINCRBY', KEYS[7], 'rests', 1)
  rest = math.max(rest, change.now + change.restsMs[math.min(rests, #change.restsMs)])
end
if rest > tonumber(redis.call('HGET', KEYS[7], 'rest') or 0) then
  redis.call('HSET', KEYS[7], 'rest', string.format('%d', rest))
end
return 1
