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
-- Hundreds of lines come together: each counter grows once by what all of them add to it.
local sums, cost, prices, ended = {}, nil, nil, {}
local function add(field, amount)
  sums[field] = (sums[field] or 0) + amount
end
for i = first, #ARGV, width do
  local line = ARGV[i]
  if redis.call('SETBIT', KEYS[2], line, 1) == 0 then
    add(ARGV[i + 1], 1)
    for member = 0, members - 1 do
      local amount = ARGV[i + 2 + member]
      if amount ~= '' then
        add(ARGV[4 + member], amount)
      end
    end
    if ARGV[i + 2 + members] ~= '' then
      cost, prices = (cost or 0) + ARGV[i + 2 + members], ARGV[i + 4 + members]
    end
    if ARGV[i + 3 + members] ~= '' then
      add('unpriced', 1)
    end
    ended[#ended + 1] = line
    ended[#ended + 1] = line
  end
end
if #ended == 0 then
  return 0
end
redis.call('ZADD', KEYS[3], unpack(ended))
for field, amount in pairs(sums) do
  redis.call('HINCRBY', KEYS[1], field, string.format('%.0f', amount))
end
if cost then
  redis.call('HINCRBYFLOAT', KEYS[1], 'cost', string.format('%.17g', cost))
  redis.call('HSET', KEYS[1], 'prices', prices)
end
redis.call('PUBLISH', ARGV[1], ARGV[2])
return #ended / 2
