-- Forgets the payload of a delivery for good: whoever is about to keep one finds the mark.
-- KEYS  1 delivery
-- Returns 1, or 0 when the delivery is gone
if redis.call('HEXISTS', KEYS[1], 'order') == 0 then
  return 0
end
redis.call('HDEL', KEYS[1], 'payload')
redis.call('HSET', KEYS[1], 'forgotten', 1)
return 1
