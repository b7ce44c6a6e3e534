-- A turn takes deliveries that are due. Each gets a token of its own and a lease: not settled in
-- time, it is due again.
-- KEYS  1 state  2 due times  3 endpoint
-- ARGV  1 turn  2 now  3 how many  4 how many of this turn are under way  5 lease in ms
--       6 failures in a row that open the breaker  7 what the keys of deliveries begin with; they
--       share the slot
-- Returns {'stale'} | {'disabled'} | {'resting'}
--       | {'taken', {id, token, order, payload or '', tries}, …}
local state = redis.call('HMGET', KEYS[1], 'turn', 'running', 'rest', 'fails')
if state[1] ~= ARGV[1] or state[2] ~= '1' then
  return { 'stale' }
end
local now = tonumber(ARGV[2])
redis.call('HSET', KEYS[1], 'alive', ARGV[2])
if redis.call('HGET', KEYS[3], 'st') ~= 'enabled' then
  return { 'disabled' }
end
if tonumber(state[3] or 0) > now then
  return { 'resting' }
end
local limit = tonumber(ARGV[3])
-- After the rest of an open breaker one delivery at a time finds out.
local probing = tonumber(state[4] or 0) >= tonumber(ARGV[6])
if probing then
  limit = tonumber(ARGV[4]) == 0 and 1 or 0
end
local reply = { 'taken' }
if limit <= 0 then
  return reply
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, limit)) do
  local key = ARGV[7] .. id
  local delivery = redis.call('HMGET', key, 'order', 'payload', 'tries')
  if delivery[1] then
    local lease = string.format('%d', now + tonumber(ARGV[5]))
    local token = redis.call('HINCRBY', key, 'token', 1)
    redis.call('HSET', key, 'lease', lease, 'probe', probing and 1 or 0)
    redis.call('ZADD', KEYS[2], lease, id)
    reply[#reply + 1] = { id, token, delivery[1], delivery[2] or '',
      tonumber(delivery[3]) }
  else
    redis.call('ZREM', KEYS[2], id)
  end
end
return reply
