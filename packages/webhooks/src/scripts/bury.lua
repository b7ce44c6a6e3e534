-- Buries pending deliveries of which nothing can come: of an endpoint that is disabled, or that
-- has failed without a success for as long as a whole schedule takes, has failed as many probes as
-- the schedule has tries, and has just failed again: time in which nobody tried, as when every
-- deliverer was down, is not held against it. Only while none is under way.
-- KEYS  1 state  2 due times  3 pending by the time they were opened  4 dead  5 settled and not yet
--       in the project's lists  6 endpoint
-- ARGV  1 turn  2 now  3 opened at or before, of a failing endpoint  4 how many
--       5 failures in a row that open the breaker  6 retention in ms
--       7 what the keys of deliveries begin with; they share the slot  8 1 if this turn saw a failure
--       9 failed probes that it takes
-- Returns how many
local state = redis.call('HMGET', KEYS[1], 'turn', 'running', 'fails', 'failing', 'rests')
if state[1] ~= ARGV[1] or state[2] ~= '1' then
  return 0
end
local reason, until_
if redis.call('HGET', KEYS[6], 'st') ~= 'enabled' then
  reason, until_ = 'endpoint_disabled', '+inf'
elseif ARGV[8] == '1' and tonumber(state[3] or 0) >= tonumber(ARGV[5]) and state[4]
  and tonumber(state[4]) <= tonumber(ARGV[3])
  and tonumber(state[5] or 0) > tonumber(ARGV[9]) then
  reason, until_ = 'endpoint_failing', ARGV[3]
else
  return 0
end
local ids = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', until_, 'LIMIT', 0, ARGV[4])
for _, id in ipairs(ids) do
  local key = ARGV[7] .. id
  redis.call('HSET', key, 'st', 'dead', 'reason', reason, 'settled', ARGV[2])
  redis.call('HINCRBY', key, 'settlements', 1)
  redis.call('ZADD', KEYS[4], ARGV[2], id)
  redis.call('ZADD', KEYS[5], ARGV[2], id)
  redis.call('PEXPIRE', key, ARGV[6])
  redis.call('PEXPIRE', key .. ':log', ARGV[6])
end
if #ids > 0 then
  redis.call('PEXPIRE', KEYS[4], ARGV[6])
  redis.call('ZREM', KEYS[2], unpack(ids))
  redis.call('ZREM', KEYS[3], unpack(ids))
end
return #ids
