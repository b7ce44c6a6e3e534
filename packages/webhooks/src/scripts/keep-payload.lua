-- Keeps the payload of a delivery's first try; whoever was first wins. Nothing is kept of a delivery
-- whose payload was to be forgotten, by a deliverer that had read the answer before, nor of one
-- that is gone.
-- KEYS  1 delivery
-- ARGV  1 payload
-- Returns the kept payload, or nothing
local delivery = redis.call('HMGET', KEYS[1], 'order', 'forgotten')
if not delivery[1] or delivery[2] then
  return false
end
redis.call('HSETNX', KEYS[1], 'payload', ARGV[1])
return redis.call('HGET', KEYS[1], 'payload')
