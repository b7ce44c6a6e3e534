-- Reads some fields of records, those of each as one text: a line for each field, empty where the
-- record lacks it. None holds a line break: they are names, numbers and JSON.
-- KEYS  records of one shard
-- ARGV  fields
local texts = {}
for i = 1, #KEYS do
  local fields = redis.call('HMGET', KEYS[i], unpack(ARGV))
  for j = 1, #ARGV do
    fields[j] = fields[j] or ''
  end
  texts[i] = table.concat(fields, '\n')
end
return texts
