-- Counts a request of a project and of its key, unless one of them has no room for it, or has spent
-- what it may on this day. A request that is refused is not counted.
-- KEYS  1 spending of the day  2... requests of each holder
-- ARGV  1 now  2... of each holder: field of its spending, requests per minute or '', most spending
--       in billionths or ''
-- Returns {1 when counted else 0, then of each holder: requests in the last minute before this one,
--          second of the oldest of them or 0, spending}
local second = math.floor(tonumber(ARGV[1]) / 1000)
local reply = { 1 }
for i = 2, #KEYS do
  local at = 2 + 3 * (i - 2)
  local limit, most = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local count, oldest = 0, 0
  if limit then
    local seconds = redis.call('HGETALL', KEYS[i])
    for j = 1, #seconds, 2 do
      local begun = tonumber(seconds[j])
      -- A second counts until 60 s after its end: in no 60 s are there more requests than the limit.
      if begun < second - 60 then
        redis.call('HDEL', KEYS[i], seconds[j])
      else
        count = count + tonumber(seconds[j + 1])
        if oldest == 0 or begun < oldest then
          oldest = begun
        end
      end
    end
  end
  local spent = most and redis.call('HGET', KEYS[1], ARGV[at]) or '0'
  if (limit and count >= limit) or (most and tonumber(spent) >= most) then
    reply[1] = 0
  end
  reply[#reply + 1] = count
  reply[#reply + 1] = oldest
  reply[#reply + 1] = spent
end
if reply[1] == 1 then
  for i = 2, #KEYS do
    if ARGV[3 + 3 * (i - 2)] ~= '' then
      redis.call('HINCRBY', KEYS[i], string.format('%d', second), 1)
      redis.call('PEXPIRE', KEYS[i], 62000)
    end
  end
end
return reply
