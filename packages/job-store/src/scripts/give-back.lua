-- Takes a start back whose worker cannot read the job, as if it had not been: nobody was called. An
-- attempt that stands for the start before, which never ended, stays. The scheduler looks at the job
-- next, as the start has put off whatever the job was due for.
-- KEYS  1 record  2 due times of the shard
-- ARGV  1 token of the start  2 version that it left  3 now  4 member for due  5 channel
--       6 what is published of the change, as JSON up to the version, which comes last
-- Returns 1, or 0 where the record has changed since the start: nothing happens to it
local record = redis.call('HMGET', KEYS[1], 'tok', 'ver', 'starts')
-- Both, as a token that was taken back is taken again, and this script may be sent twice.
if record[1] ~= ARGV[1] or record[2] ~= ARGV[2] then
  return 0
end
local version = tostring(record[2] + 1)
redis.call('HSET', KEYS[1], 'st', 'queued', 'tok', tostring(record[1] - 1),
  'starts', tostring(record[3] - 1), 'ver', version)
redis.call('HDEL', KEYS[1], 'run', 'sid')
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
redis.call('PUBLISH', ARGV[5], ARGV[6] .. version .. '}')
return 1
