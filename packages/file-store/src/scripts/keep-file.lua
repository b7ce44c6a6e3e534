-- Has a file expire later.
-- KEYS  1 record  2 the project's files by expiry
-- ARGV  1 id  2 record JSON that it was read with  3 record JSON with the later time  4 that time
-- Returns 1, or 0 when the record has changed since it was read, or is gone
if redis.call('HGET', KEYS[1], 'rec') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'rec', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
return 1
