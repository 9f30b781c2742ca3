-- Drops all of a run and stores these fields in its place, under a revision that no work on the former one was based on.
-- KEYS: run, then everything else of it
-- ARGV: (field, value) each
local revision = tonumber(redis.call('HGET', KEYS[1], 'rev') or '0')
for i = 1, #KEYS do redis.call('DEL', KEYS[i]) end
redis.call('HSET', KEYS[1], 'rev', revision + 1, unpack(ARGV))
return 1
