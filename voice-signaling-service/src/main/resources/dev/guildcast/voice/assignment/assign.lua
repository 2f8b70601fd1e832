-- Assigns a guild's voice server by compare-and-set. Returns the server and the version that are in effect now.
-- KEYS[1] voice:guild:{guild}: hash of server, version, revision, and u:<user> -> voice state
-- ARGV[1] version that the caller expects, 0 for none   ARGV[2] server   ARGV[3] milliseconds to live
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version == tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'server', ARGV[2], 'version', version + 1)
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HMGET', KEYS[1], 'server', 'version')
