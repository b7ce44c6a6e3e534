-- Counts lines that have ended, each once, and sets them down for the runner. Of a batch that has
-- ended everything is counted.
-- KEYS  1 record  2 counted lines  3 ended lines
-- ARGV  1 channel  2 member  3 number n of usage members  4... their fields; then of each line:
--       number, outcome, n amounts or '', cost in USD or '', 1 where some cost is unknown or '',
--       date of the price table or ''
-- Returns how many were counted now
local status = redis.call('HGET', KEYS[1], 'st')
if status ~= 'in_progress' and status ~= 'cancelling' then
  return 0
end
local members = tonumber(ARGV[3])
local first = 4 + members
local width = 5 + members
local counted = 0
for i = first, #ARGV, width do
  local line = ARGV[i]
  if redis.call('SETBIT', KEYS[2], line, 1) == 0 then
    redis.call('HINCRBY', KEYS[1], ARGV[i + 1], 1)
    redis.call('ZADD', KEYS[3], line, line)
    for member = 0, members - 1 do
      local amount = ARGV[i + 2 + member]
      if amount ~= '' then
        redis.call('HINCRBY', KEYS[1], ARGV[4 + member], amount)
      end
    end
    local cost, unpriced, prices = ARGV[i + 2 + members], ARGV[i + 3 + members], ARGV[i + 4 + members]
    if cost ~= '' then
      redis.call('HINCRBYFLOAT', KEYS[1], 'cost', cost)
      redis.call('HSET', KEYS[1], 'prices', prices)
    end
    if unpriced ~= '' then
      redis.call('HINCRBY', KEYS[1], 'unpriced', 1)
    end
    counted = counted + 1
  end
end
if counted > 0 then
  redis.call('PUBLISH', ARGV[1], ARGV[2])
end
return counted
