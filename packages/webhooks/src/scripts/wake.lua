-- Decides on an endpoint's next turn: at its earliest due delivery, not before its rest is over; of an
-- endpoint that wants nothing any more at once, as what is left for it is to be buried.
-- A turn that runs looks for itself. Called again it names the same turn.
-- KEYS  1 state  2 due times  3 endpoint
-- ARGV  1 now  2 ms after which a turn that gave no sign of life is lost
-- Returns {turn, at}, or {0, 0} when no turn must be added
local state = redis.call('HMGET', KEYS[1], 'turn', 'at', 'running', 'alive', 'rest')
local running = state[3] == '1'
if running and tonumber(state[4] or 0) + tonumber(ARGV[2]) < tonumber(ARGV[1]) then
  redis.call('HDEL', KEYS[1], 'running', 'at')
  state[2] = false
  running = false
end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if running or not first[1] then
  return { 0, 0 }
end
redis.call('PERSIST', KEYS[1])
local at = math.max(tonumber(first[2]), tonumber(state[5] or 0))
if redis.call('HGET', KEYS[3], 'st') ~= 'enabled' then
  at = math.min(at, tonumber(ARGV[1]))
end
if state[2] and tonumber(state[2]) <= at then
  return { tonumber(state[1]), tonumber(state[2]) }
end
redis.call('HSET', KEYS[1], 'at', string.format('%d', at))
return { redis.call('HINCRBY', KEYS[1], 'turn', 1), at }
