-- The answer of a batch's line stands in a file from now on: its bytes leave Redis, and so do those
-- of the request. The record stays for a while and says where the answer is.
-- KEYS  1 record  2 request body  3 attempts  4 result body
-- ARGV  1 id of the file  2 how long the record is kept, in milliseconds
-- Returns 1, or 0 when the job has not ended or is no longer kept
local status = redis.call('HGET', KEYS[1], 'st')
if not status or status == 'queued' or status == 'in_progress' then
  return 0
end
redis.call('HSET', KEYS[1], 'file', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'ver', 1)
redis.call('UNLINK', KEYS[2], KEYS[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1
