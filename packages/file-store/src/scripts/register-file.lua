-- Makes a file, once, unless its bytes are more than its project or its key may store, or its
-- idempotency key stands for another upload.
-- KEYS  1 record  2 parts  3 the project's files by creation  4 the project's files by expiry
--       5 bytes of the project's files  6 which upload it is of
-- ARGV  1 record JSON  2 id  3 bytes  4 complete 0 or 1  5 created at  6 expires at or ''
--       7 id of the key it came with or ''  8 most bytes of the project or ''
--       9 most bytes of the key or ''  10 fingerprint of the upload or ''  11 how long that is
--       remembered, in ms  12... parts JSON
-- Returns {1} when it was made, {0} when the id was taken, {2, 'project' or 'key', bytes it has},
-- {3} when the key stands for another upload
local earlier = ARGV[10] ~= '' and redis.call('GET', KEYS[6])
if earlier and earlier ~= ARGV[10] then
  return { 3 }
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  return { 0 }
end
local holders = { { 'project', 'project', ARGV[8] }, { 'key', ARGV[7], ARGV[9] } }
for _, holder in ipairs(holders) do
  local kind, field, most = holder[1], holder[2], tonumber(holder[3])
  local used = most and tonumber(redis.call('HGET', KEYS[5], field) or 0)
  if most and used + tonumber(ARGV[3]) > most then
    return { 2, kind, used }
  end
end
redis.call('HSET', KEYS[1], 'rec', ARGV[1], 'bytes', ARGV[3], 'complete', ARGV[4])
redis.call('HINCRBY', KEYS[5], 'project', ARGV[3])
if ARGV[7] ~= '' then
  redis.call('HSET', KEYS[1], 'key', ARGV[7])
  redis.call('HINCRBY', KEYS[5], ARGV[7], ARGV[3])
end
-- Again: an equal upload that was refused meanwhile may have had it forgotten.
if ARGV[10] ~= '' then
  redis.call('SET', KEYS[6], ARGV[10], 'PX', ARGV[11], 'NX')
end
for i = 12, #ARGV do
  redis.call('RPUSH', KEYS[2], ARGV[i])
end
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2])
if ARGV[6] ~= '' then
  redis.call('ZADD', KEYS[4], ARGV[6], ARGV[2])
end
return { 1 }
