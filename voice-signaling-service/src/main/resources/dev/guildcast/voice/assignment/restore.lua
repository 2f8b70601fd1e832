-- Replaces a guild by an instance's copy, unless the stored one is as new. Returns 1 when it did, else 0.
-- KEYS[1] voice:guild:{guild}: hash of server, version, revision, and u:<user> -> voice state
-- ARGV[1] revision of the copy   ARGV[2] milliseconds to live   ARGV[3..] fields and values
local stored = tonumber(redis.call('HGET', KEYS[1], 'revision') or '0')
if stored >= tonumber(ARGV[1]) then
  return 0
end
redis.call('DEL', KEYS[1])
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[1], 'revision', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
