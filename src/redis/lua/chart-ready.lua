-- The picture of a said alert is ready: its edit queues in the lane and the chart is no longer pending.
-- KEYS: edits, entries, said-at, charts, pictures
-- ARGV: alert entry id, chart entry id, chart entry JSON, picture JSON or ''
if redis.call('HDEL', KEYS[4], ARGV[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 or redis.call('ZSCORE', KEYS[3], ARGV[2]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[5], ARGV[2], ARGV[4]) end
redis.call('RPUSH', KEYS[1], ARGV[2])
return 1
