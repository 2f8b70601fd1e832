-- Returns the presence last announced for a user (empty: none), then every session as id and entry, in pairs.
-- KEYS[1] pres:{user}: hash, session id -> "<version> <expiry> <state>"
-- KEYS[2] pres:last:{user}: "<fingerprint> <version> <presence>"
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, redis.call('GET', KEYS[2]) or '')
return answer
