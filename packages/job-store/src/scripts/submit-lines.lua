-- Creates jobs of a batch's lines, each once, that stand in the queue of the same provider. The outbox
-- tells of all that were created in one entry.
-- Numbers are written as texts: Redis takes a microsecond to make one of each.
-- KEYS  1 due times of the shard  2 outbox of the shard; then of each line: record, request body
-- ARGV  1 project  2 id of the API key or ''  3 version of the record's form, '' for 1
--       4 what is told of all lines, as JSON without its end; then of each line: request JSON,
--       progress JSON, body bytes, expires at, due at, member for due, id, what is told of it as JSON
-- Returns for each line 1 when created, 0 when the id was taken
local created, due, rows, records, first = {}, {}, {}, {}, nil
for i = 3, #KEYS, 2 do
  records[#records + 1] = KEYS[i]
end
local known = redis.call('EXISTS', unpack(records)) > 0
for i = 5, #ARGV, 8 do
  local at = 3 + (i - 5) / 4
  local record, request = KEYS[at], KEYS[at + 1]
  if known and redis.call('EXISTS', record) == 1 then
    created[#created + 1] = 0
  else
    local fields = { 'req', ARGV[i], 'prog', ARGV[i + 1], 'st', 'queued', 'ver', '1', 'turn', '1',
      'tok', '0', 'starts', '0', 'exp', ARGV[i + 3], 'line', '1' }
    local function set(name, value)
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
    if ARGV[2] ~= '' then
      set('key', ARGV[2])
    end
    if ARGV[3] ~= '' then
      set('v', ARGV[3])
      set('n', '0')
    end
    redis.call('HSET', record, unpack(fields))
    redis.call('SET', request, ARGV[i + 2])
    due[#due + 1] = ARGV[i + 4]
    due[#due + 1] = ARGV[i + 5]
    rows[#rows + 1] = ARGV[i + 7]
    first = first or ARGV[i + 6]
    created[#created + 1] = 1
  end
end
if not first then
  return created
end
redis.call('ZADD', KEYS[1], unpack(due))
-- The first line is named as any job is, for schedulers that know of no others.
local told = { 'p', ARGV[1], 'j', first, 'v', '1', 's', 'queued',
  'l', ARGV[4] .. ',"l":[' .. table.concat(rows, ',') .. ']}' }
if ARGV[2] ~= '' then
  told[#told + 1] = 'k'
  told[#told + 1] = ARGV[2]
end
redis.call('XADD', KEYS[2], '*', unpack(told))
return created
