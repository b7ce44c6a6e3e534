-- Forgets which upload an idempotency key stands for, unless it became a file, or the key stands for
-- another upload by now.
-- KEYS  1 fingerprint of the upload  2 record of the file
-- ARGV  1 fingerprint of the upload that was refused
-- Returns 1 when it was forgotten, else 0.
if redis.call('EXISTS', KEYS[2]) == 0 and redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
