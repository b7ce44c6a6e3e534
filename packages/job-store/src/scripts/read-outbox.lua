-- Reads what an outbox holds, oldest first, each entry as one text: its id, then its fields and their
-- values in turn, a line each. None holds a line break: they are names, numbers and JSON. An entry
-- as a list of a dozen texts takes whoever reads it several times as long.
-- KEYS  1 outbox
-- ARGV  1 most entries
local rows = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[1])
for i, row in ipairs(rows) do
  rows[i] = row[1] .. '\n' .. table.concat(row[2], '\n')
end
return rows
