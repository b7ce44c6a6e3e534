-- Adds what entries of outboxes count as, each entry once: the ids of an outbox only grow, so what
-- is not newer than the last counted entry of its shard was counted before.
-- KEYS  1 hash: last counted entry of each shard  2... buckets
-- ARGV  1 milliseconds for which the first is kept
--       2 JSON {shards: [[shard, first entry, last entry], ...] as ids that sort like text,
--               buckets: [[kept until, field, by, field, by, ...], ...] of each bucket in turn}
-- Returns nothing where all was added. Where some entries had been counted, nothing is added:
-- returns shard and last counted entry of each such shard, in turn.
local page = cjson.decode(ARGV[2])
local met = {}
for _, row in ipairs(page.shards) do
  local counted = redis.call('HGET', KEYS[1], row[1])
  if counted and counted >= row[2] then
    met[#met + 1] = row[1]
    met[#met + 1] = counted
  end
end
if #met > 0 then
  return met
end
for _, row in ipairs(page.shards) do
  redis.call('HSET', KEYS[1], row[1], row[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
for index, bucket in ipairs(page.buckets) do
  local key = KEYS[index + 1]
  for position = 2, #bucket, 2 do
    redis.call('HINCRBY', key, bucket[position], bucket[position + 1])
  end
  redis.call('PEXPIREAT', key, bucket[1])
end
return met
