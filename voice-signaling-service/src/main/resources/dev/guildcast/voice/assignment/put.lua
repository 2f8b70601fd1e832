-- Saves or removes one user's voice state. Returns the guild's new revision.
-- KEYS[1] voice:guild:{guild}: hash of server, version, revision, and u:<user> -> voice state
-- ARGV[1] user   ARGV[2] voice state; empty: the user left   ARGV[3] milliseconds to live
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], 'u:' .. ARGV[1])
else
  redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], ARGV[2])
end
local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return revision
