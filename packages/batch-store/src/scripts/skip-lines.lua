-- Ends lines that never became jobs: they are counted, the cursor moves over them, and the part that
-- tells of them joins its file.
-- KEYS  1 record  2 runs of the file  3 record of the file  4 parts of the file
--       5 bytes of the project's files
-- ARGV  1 fence  2 byte the cursor stands at  3 line and 4 byte it moves to  5 outcome
--       6 number of lines  7 field that names the file  8 id of the file  9 part JSON or ''
--       10 bytes of the part  11 run
-- Returns 1, or 0 when somebody else has taken the batch over
local known = redis.call('HMGET', KEYS[1], 'fence', 'byte', 'line')
if known[1] ~= ARGV[1] or (known[2] or '0') ~= ARGV[2] then
  return 0
end
-- No line after this one has a job.
redis.call('HSETNX', KEYS[1], 'last_job', known[3] or 0)
redis.call('HSET', KEYS[1], 'line', ARGV[3], 'byte', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'admitted', ARGV[6])
redis.call('HINCRBY', KEYS[1], ARGV[5], ARGV[6])
if ARGV[9] ~= '' and redis.call('HGET', KEYS[3], 'complete') == '0' then
  redis.call('RPUSH', KEYS[4], ARGV[9])
  redis.call('HINCRBY', KEYS[3], 'bytes', ARGV[10])
  redis.call('HINCRBY', KEYS[5], 'project', ARGV[10])
  local key = redis.call('HGET', KEYS[3], 'key')
  if key then
    redis.call('HINCRBY', KEYS[5], key, ARGV[10])
  end
  redis.call('RPUSH', KEYS[2], ARGV[11])
  redis.call('HSET', KEYS[1], ARGV[7], ARGV[8])
end
return 1
