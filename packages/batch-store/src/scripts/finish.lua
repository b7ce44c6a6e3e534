-- Brings a batch to its last status and tells the project's event stream, in one.
-- KEYS  1 record  2 event stream of the project  3 tombstone of the idempotency key
--       4... what a finished batch needs no more
-- ARGV  1 fence  2 version it was read at  3 status  4 now  5 how long it is kept  6 channel
--       7 project  8 event id  9 event type  10 event JSON  11 how long the idempotency key is
--       remembered
-- Returns 1, or 0 when the batch has changed or somebody else has taken it over
local known = redis.call('HMGET', KEYS[1], 'fence', 'ver')
if known[1] ~= ARGV[1] or known[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'st', ARGV[3], 'at_' .. ARGV[3], ARGV[4])
redis.call('HINCRBY', KEYS[1], 'ver', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('XADD', KEYS[2], '*', 'e', ARGV[8], 't', ARGV[9], 'd', ARGV[10])
redis.call('PUBLISH', ARGV[6], ARGV[7])
local fingerprint = redis.call('HGET', KEYS[1], 'fp')
if fingerprint then
  redis.call('SET', KEYS[3], fingerprint, 'PX', ARGV[11])
end
for i = 4, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
return 1
