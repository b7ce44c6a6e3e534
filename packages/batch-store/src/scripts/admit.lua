-- Moves the cursor over lines that are jobs by now, or have ended without one.
-- KEYS  1 record  2 counted lines  3 ended lines  4 reasons of rejected lines
-- ARGV  1 fence  2 byte the cursor stands at  3 line and 4 byte it moves to
--       5 lines that became jobs or were rejected  6 number n of blank lines
--       7... n numbers of blank lines; then of each rejected line: number, reason JSON
-- Returns 1, or 0 when somebody else has taken the batch over
local known = redis.call('HMGET', KEYS[1], 'fence', 'byte')
if known[1] ~= ARGV[1] or (known[2] or '0') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'line', ARGV[3], 'byte', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'admitted', ARGV[5])
local blanks = tonumber(ARGV[6])
for i = 7, 6 + blanks do
  redis.call('SETBIT', KEYS[2], ARGV[i], 1)
end
for i = 7 + blanks, #ARGV, 2 do
  if redis.call('SETBIT', KEYS[2], ARGV[i], 1) == 0 then
    redis.call('HINCRBY', KEYS[1], 'failed', 1)
    redis.call('ZADD', KEYS[3], ARGV[i], ARGV[i])
    redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
  end
end
return 1
