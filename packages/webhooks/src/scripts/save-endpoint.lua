-- Writes an endpoint if nobody else has since it was read.
-- KEYS  1 endpoint
-- ARGV  1 version it was read with, 0 for a new one  2 JSON  3 'enabled' or 'disabled'
--       4 1 to begin anew: closes the breaker (KEYS[2]), and notes the version since which tries count
--       5 ms after which it is forgotten, or 0
-- KEYS  2 state
-- Returns 1 or 0
local version = redis.call('HGET', KEYS[1], 'ver') or '0'
if version ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'json', ARGV[2], 'st', ARGV[3], 'ver', tonumber(version) + 1)
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[1], 'anew', tonumber(version) + 1)
  redis.call('HDEL', KEYS[2], 'fails', 'rests', 'rest', 'asked', 'failing')
end
if ARGV[5] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return 1
