-- Replaces the parts of a file that grew, and ends its growth.
-- KEYS  1 record  2 parts  3 bytes of the project's files
-- ARGV  1 bytes of all parts  2... parts JSON
-- Returns 1, or 0 when there is no such file.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('DEL', KEYS[2])
for i = 2, #ARGV do
  redis.call('RPUSH', KEYS[2], ARGV[i])
end
local counted = redis.call('HMGET', KEYS[1], 'bytes', 'key')
local more = tonumber(ARGV[1]) - tonumber(counted[1])
redis.call('HINCRBY', KEYS[3], 'project', more)
if counted[2] then
  redis.call('HINCRBY', KEYS[3], counted[2], more)
end
redis.call('HSET', KEYS[1], 'bytes', ARGV[1], 'complete', 1)
return 1
