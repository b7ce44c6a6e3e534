-- Appends to a project's event stream what its shards' outboxes tell, each entry once: the ids of
-- an outbox only grow, so an entry that is not newer than the last one was appended before.
-- KEYS  1 event stream of the project  2 hash: last outbox entry id of each shard, and in `trimmed`
--       the id of the newest event that was dropped
-- ARGV  1 events to keep  2 how many more there may be before the oldest are dropped  3 channel
--       4 project  5... of each outbox entry: shard, entry id, number n of events, n times id, type
--       and JSON
-- Returns how many events were appended
local function parsed(entry)
  local ms, sequence = string.match(entry, '(%d+)-(%d+)')
  return { entry = entry, ms = tonumber(ms), sequence = tonumber(sequence) }
end

local function newer(id, known)
  return id.ms > known.ms or (id.ms == known.ms and id.sequence > known.sequence)
end

-- The last entry of each shard that is told of. Read once and written once: a page has many of each.
local last, moved = {}, {}
local function lastOf(shard)
  if not last[shard] then
    last[shard] = parsed(redis.call('HGET', KEYS[2], shard) or '0-0')
  end
  return last[shard]
end

local appended, position = 0, 5
while position <= #ARGV do
  local shard, entry, events = ARGV[position], parsed(ARGV[position + 1]), tonumber(ARGV[position + 2])
  position = position + 3
  if newer(entry, lastOf(shard)) then
    for event = 0, events - 1 do
      redis.call('XADD', KEYS[1], '*', 'e', ARGV[position + 3 * event],
        't', ARGV[position + 3 * event + 1], 'd', ARGV[position + 3 * event + 2])
    end
    last[shard], moved[shard] = entry, true
    appended = appended + events
  end
  position = position + 3 * events
end

local fields = {}
for shard in pairs(moved) do
  fields[#fields + 1] = shard
  fields[#fields + 1] = last[shard].entry
end
if #fields > 0 then
  redis.call('HSET', KEYS[2], unpack(fields))
end

local excess = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[1])
if excess > tonumber(ARGV[2]) then
  local dropped = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', excess)
  redis.call('HSET', KEYS[2], 'trimmed', dropped[#dropped][1])
  redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', ARGV[1])
end
if appended > 0 then
  redis.call('PUBLISH', ARGV[3], ARGV[4])
end
return appended
