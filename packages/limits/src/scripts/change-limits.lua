-- Replaces the limits of a project, unless somebody else did since they were read.
-- KEYS  1 limits of projects
-- ARGV  1 project  2 limits as they were read, '' for none  3 limits as they shall be, '' for none
--       4 channel
-- Returns 1, or 0 when they were others
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
redis.call('PUBLISH', ARGV[4], ARGV[1])
return 1
