-- Puts off deliveries that their turn took and could not read. None of them was tried; one that
-- another try took over, or that was settled, stays as it is.
-- KEYS  1 due times  2… deliveries
-- ARGV  1 due at  then of each delivery 2 id  3 token
-- Returns how many
local count = 0
for index = 2, #KEYS do
  local id, token = ARGV[2 * index - 2], ARGV[2 * index - 1]
  local delivery = redis.call('HMGET', KEYS[index], 'st', 'token')
  if delivery[1] == 'pending' and delivery[2] == token then
    -- Nobody holds it: a redelivery may make it due at once.
    redis.call('HDEL', KEYS[index], 'lease', 'probe')
    redis.call('ZADD', KEYS[1], ARGV[1], id)
    count = count + 1
  end
end
return count
