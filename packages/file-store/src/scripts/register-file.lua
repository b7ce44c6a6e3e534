-- Makes a file, once.
-- KEYS  1 record  2 parts  3 the project's files by creation  4 the project's files by expiry
-- ARGV  1 record JSON  2 id  3 bytes  4 complete 0 or 1  5 created at  6 expires at or ''
--       7... parts JSON
-- Returns 1 when it was made, 0 when the id was taken.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('HSET', KEYS[1], 'rec', ARGV[1], 'bytes', ARGV[3], 'complete', ARGV[4])
for i = 7, #ARGV do
  redis.call('RPUSH', KEYS[2], ARGV[i])
end
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2])
if ARGV[6] ~= '' then
  redis.call('ZADD', KEYS[4], ARGV[6], ARGV[2])
end
return 1
