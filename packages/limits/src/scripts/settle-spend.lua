-- Adds what jobs have cost to the days on which they ended, each job once: the entries of a shard's
-- outbox come in the order of their ids, so one that is not above the last was added before.
-- KEYS  1 last entry of each shard  2... spending of a day
-- ARGV  1 how long a day is kept, in milliseconds  2... of each job: shard, entry id in a form that
--       sorts as text, which of the days (from 2), billionths of a USD, id of the key or ''
-- Returns how many were added
-- A page has many jobs of each shard, day and key: what is kept of those is changed once.
local last, moved, days, added = {}, {}, {}, 0
local function add(day, field, amount)
  days[day] = days[day] or {}
  days[day][field] = (days[day][field] or 0) + amount
end
for i = 2, #ARGV, 5 do
  local shard, entry, day, amount, key = ARGV[i], ARGV[i + 1], KEYS[tonumber(ARGV[i + 2])],
    tonumber(ARGV[i + 3]), ARGV[i + 4]
  last[shard] = last[shard] or redis.call('HGET', KEYS[1], shard) or ''
  if entry > last[shard] then
    last[shard], moved[shard] = entry, true
    add(day, 'project', amount)
    if key ~= '' then
      add(day, key, amount)
    end
    added = added + 1
  end
end
local fields = {}
for shard in pairs(moved) do
  fields[#fields + 1] = shard
  fields[#fields + 1] = last[shard]
end
if #fields > 0 then
  redis.call('HSET', KEYS[1], unpack(fields))
end
for day, amounts in pairs(days) do
  for field, amount in pairs(amounts) do
    redis.call('HINCRBY', day, field, string.format('%.0f', amount))
  end
  redis.call('PEXPIRE', day, ARGV[1])
end
return added
