-- Puts off deliveries that their turn took and could not read, each time for twice as long. None of
-- them was tried; one that another try took over, or that was settled, stays as it is.
-- KEYS  1 due times  2… deliveries
-- ARGV  1 now  2 ms the first time  3 ms at most  then of each delivery 4 id  5 token
-- Returns how many
local count = 0
for index = 2, #KEYS do
  local id, token = ARGV[2 * index], ARGV[2 * index + 1]
  local delivery = redis.call('HMGET', KEYS[index], 'st', 'token')
  if delivery[1] == 'pending' and delivery[2] == token then
    -- Nobody holds it: a redelivery may make it due at once.
    redis.call('HDEL', KEYS[index], 'lease', 'probe')
    local before = redis.call('HINCRBY', KEYS[index], 'unread', 1) - 1
    local rest = math.min(tonumber(ARGV[2]) * 2 ^ before, tonumber(ARGV[3]))
    redis.call('ZADD', KEYS[1], string.format('%d', tonumber(ARGV[1]) + rest), id)
    count = count + 1
  end
end
return count
