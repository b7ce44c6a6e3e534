-- Adds what jobs have cost to the days on which they ended, each job once: the entries of a shard's
-- outbox come in the order of their ids, so one that is not above the last was added before.
-- KEYS  1 last entry of each shard  2... spending of a day
-- ARGV  1 how long a day is kept, in milliseconds  2... of each job: shard, entry id in a form that
--       sorts as text, which of the days (from 2), billionths of a USD, id of the key or ''
-- Returns how many were added
local added = 0
for i = 2, #ARGV, 5 do
  local shard, entry, day, amount, key = ARGV[i], ARGV[i + 1], KEYS[tonumber(ARGV[i + 2])],
    ARGV[i + 3], ARGV[i + 4]
  if entry > (redis.call('HGET', KEYS[1], shard) or '') then
    redis.call('HSET', KEYS[1], shard, entry)
    redis.call('HINCRBY', day, 'project', amount)
    if key ~= '' then
      redis.call('HINCRBY', day, key, amount)
    end
    redis.call('PEXPIRE', day, ARGV[1])
    added = added + 1
  end
end
return added
