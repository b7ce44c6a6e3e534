-- Says that everybody was told of a batch's end.
-- KEYS  1 record
-- Returns 1, or 0 when it is not there
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'told', 1)
return 1
