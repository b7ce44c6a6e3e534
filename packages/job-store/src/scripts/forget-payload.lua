-- Forgets what a job that has ended was asked and answered, and what providers said of its failures.
-- KEYS  1 record  2 request body  3 attempts  4 result body  5 due times
-- ARGV  1 version of the record that the texts below were made from  2 member for due
--       3 end JSON  4... pairs: attempt number, attempt JSON
-- Returns 1, or 0 when the job has not ended, has changed since or is no longer kept
local record = redis.call('HMGET', KEYS[1], 'st', 'ver', 'n')
if not record[1] or record[1] == 'queued' or record[1] == 'in_progress'
  or record[2] ~= ARGV[1] then
  return 0
end
redis.call('UNLINK', KEYS[2], KEYS[4])
for i = 4, #ARGV, 2 do
  if record[3] then
    redis.call('HSET', KEYS[1], 'a' .. ARGV[i], ARGV[i + 1])
  else
    redis.call('LSET', KEYS[3], tonumber(ARGV[i]) - 1, ARGV[i + 1])
  end
end
redis.call('HSET', KEYS[1], 'end', ARGV[3], 'bare', 1)
redis.call('HINCRBY', KEYS[1], 'ver', 1)
redis.call('ZREM', KEYS[5], ARGV[2])
return 1
