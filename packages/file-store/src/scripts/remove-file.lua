-- Forgets a file. Its place in the list is remembered for a while, so that paging goes on from it.
-- KEYS  1 record  2 parts  3 the project's files by creation  4 the project's files by expiry
--       5 place of the removed file  6 bytes of the project's files  7 which upload it is of
-- ARGV  1 id  2 how long the place is remembered, in ms  3 '', or now: then only what has expired goes
-- Returns the parts JSON, or nil when there was no such file, or it is to be kept for longer.
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[4], ARGV[1])
  return false
end
local expires = ARGV[3] ~= '' and redis.call('ZSCORE', KEYS[4], ARGV[1])
if ARGV[3] ~= '' and (not expires or tonumber(expires) > tonumber(ARGV[3])) then
  return false
end
local parts = redis.call('LRANGE', KEYS[2], 0, -1)
local created = redis.call('ZSCORE', KEYS[3], ARGV[1])
if created then
  redis.call('SET', KEYS[5], created, 'PX', ARGV[2])
end
local counted = redis.call('HMGET', KEYS[1], 'bytes', 'key')
local bytes = 0 - tonumber(counted[1])
redis.call('HINCRBY', KEYS[6], 'project', bytes)
-- Nothing would ever forget the keys of a project one by one.
if counted[2] and redis.call('HINCRBY', KEYS[6], counted[2], bytes) <= 0 then
  redis.call('HDEL', KEYS[6], counted[2])
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[7])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
return parts
