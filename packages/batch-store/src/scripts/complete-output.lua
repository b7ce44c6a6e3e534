-- Replaces the parts of a result file by merged ones and ends its growth, for the runner that holds
-- the batch.
-- KEYS  1 record of the batch  2 runs of the file  3 record of the file  4 parts of the file
--       5 the project's files by expiry  6 bytes of the project's files
-- ARGV  1 fence  2 id of the file  3 its record JSON  4 when it expires  5 bytes of all parts
--       6... parts JSON
-- Returns 1, or 0 when somebody else has taken the batch over
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('DEL', KEYS[4])
  for i = 6, #ARGV do
    redis.call('RPUSH', KEYS[4], ARGV[i])
  end
  local counted = redis.call('HMGET', KEYS[3], 'bytes', 'key')
  local more = tonumber(ARGV[5]) - tonumber(counted[1])
  redis.call('HINCRBY', KEYS[6], 'project', more)
  if counted[2] then
    redis.call('HINCRBY', KEYS[6], counted[2], more)
  end
  redis.call('HSET', KEYS[3], 'rec', ARGV[3], 'bytes', ARGV[5], 'complete', 1)
  redis.call('ZADD', KEYS[5], ARGV[4], ARGV[2])
end
return 1
