-- Brings the places of a key's jobs in line with what became of them. One that has no place was not
-- counted and gets none; doing it twice changes nothing.
-- KEYS  1 jobs admitted since  2 waiting jobs
-- ARGV  pairs: job id, 1 when it has ended, else 0
for i = 1, #ARGV, 2 do
  local admitted = redis.call('ZSCORE', KEYS[1], ARGV[i])
  redis.call('ZREM', KEYS[1], ARGV[i])
  if ARGV[i + 1] == '1' then
    redis.call('ZREM', KEYS[2], ARGV[i])
  elseif admitted then
    redis.call('ZADD', KEYS[2], admitted, ARGV[i])
  end
end
return 1
