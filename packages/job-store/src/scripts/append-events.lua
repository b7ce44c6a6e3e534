-- Appends to a project's event stream what its shards' outboxes tell, each entry once: the ids of
-- an outbox only grow, so an entry that is not newer than the last one was appended before.
-- KEYS  1 event stream of the project  2 hash: last outbox entry id of each shard, and in `trimmed`
--       the id of the newest event that was dropped
-- ARGV  1 events to keep  2 how many more there may be before the oldest are dropped  3 channel
--       4 project  5... of each outbox entry: shard, entry id, number n of events, n times id, type
--       and JSON
-- Returns how many events were appended
local function newer(id, known)
  local ms, sequence = string.match(id, '(%d+)-(%d+)')
  local known_ms, known_sequence = string.match(known, '(%d+)-(%d+)')
  ms, known_ms = tonumber(ms), tonumber(known_ms)
  return ms > known_ms or (ms == known_ms and tonumber(sequence) > tonumber(known_sequence))
end

local appended, position = 0, 5
while position <= #ARGV do
  local shard, entry, events = ARGV[position], ARGV[position + 1], tonumber(ARGV[position + 2])
  position = position + 3
  local known = redis.call('HGET', KEYS[2], shard)
  if not known or newer(entry, known) then
    for event = 0, events - 1 do
      redis.call('XADD', KEYS[1], '*', 'e', ARGV[position + 3 * event],
        't', ARGV[position + 3 * event + 1], 'd', ARGV[position + 3 * event + 2])
    end
    redis.call('HSET', KEYS[2], shard, entry)
    appended = appended + events
  end
  position = position + 3 * events
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
