-- Puts a run's cursors, series and detector memory into one packed field and drops its points, unless it went on meanwhile.
-- KEYS: run, then points and coarse of each series
-- ARGV: expected revision, packed field's name, packed value, then each field it takes the place of
-- Returns 1 at rest, 0 stale.
if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
for i = 4, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
for i = 2, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
