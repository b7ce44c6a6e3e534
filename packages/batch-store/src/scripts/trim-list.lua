-- Takes batches that are no longer kept out of the list of their project.
-- KEYS  1 batches of the project and surface  2... records of some of them
-- ARGV  1... their ids
-- Returns how many have left
local gone = 0
for i = 1, #ARGV do
  if redis.call('EXISTS', KEYS[i + 1]) == 0 then
    gone = gone + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return gone
