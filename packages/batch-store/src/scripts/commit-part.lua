-- Makes a written part of a result file count: it joins the file, and its lines leave the ended
-- ones. A file that its owner has removed takes no part; the lines leave all the same.
-- KEYS  1 record  2 ended lines  3 reasons of rejected lines  4 moving lines  5 runs of the file
--       6 record of the file  7 parts of the file  8 bytes of the project's files
-- ARGV  1 fence  2 field that names the file  3 id of the file  4 part JSON  5 bytes of the part
--       6 run  7 number n of lines with a job  8... n line numbers; then lines without a job
-- Returns 1, or 0 when somebody else has taken the batch over
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then
  return 0
end
if redis.call('HGET', KEYS[6], 'complete') == '0' then
  redis.call('RPUSH', KEYS[7], ARGV[4])
  redis.call('HINCRBY', KEYS[6], 'bytes', ARGV[5])
  redis.call('HINCRBY', KEYS[8], 'project', ARGV[5])
  local key = redis.call('HGET', KEYS[6], 'key')
  if key then
    redis.call('HINCRBY', KEYS[8], key, ARGV[5])
  end
  redis.call('RPUSH', KEYS[5], ARGV[6])
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
end
-- In portions, as Lua hands on no more than some thousand arguments.
local jobs = tonumber(ARGV[7])
for start = 8, #ARGV, 1000 do
  local lines, moving, rejected = {}, {}, {}
  for i = start, math.min(start + 999, #ARGV) do
    lines[#lines + 1] = ARGV[i]
    if i < 8 + jobs then
      moving[#moving + 1] = ARGV[i]
      moving[#moving + 1] = ARGV[3]
    else
      rejected[#rejected + 1] = ARGV[i]
    end
  end
  redis.call('ZREM', KEYS[2], unpack(lines))
  if #moving > 0 then
    redis.call('HSET', KEYS[4], unpack(moving))
  end
  if #rejected > 0 then
    redis.call('HDEL', KEYS[3], unpack(rejected))
  end
end
return 1
