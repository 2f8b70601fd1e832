package dev.guildcast.presence.liveness;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.presence.Presence;
import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.v1.UserPresence;
import dev.guildcast.shard.redis.RedisScripts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import reactor.core.publisher.Mono;

/// [PresenceStore] on Redis: `pres:{user}`, `pres:last:{user}` and `pres:due:{bucket}`. The keys of one script share a
/// slot, so that it runs on a Redis Cluster; every key has a TTL. Expiry is by the clock of the server that holds the
/// key; instances hand in durations.
///
/// Values are bytes: decimal numbers that the scripts compare, then a protobuf message that they do not read.
final class RedisPresenceStore implements PresenceStore {
    private static final RedisScript<Long> SAVE = script("save.lua", Long.class);
    private static final RedisScript<Long> SAVE_DUE = script("save-due.lua", Long.class);
    private static final RedisScript<List<byte[]>> LOAD = listScript("load.lua");
    private static final RedisScript<Long> SAVE_SHOWN = script("save-shown.lua", Long.class);
    private static final RedisScript<List<byte[]>> CLAIM_DUE = listScript("claim-due.lua");
    private static final RedisScript<Long> EXPIRE = script("expire.lua", Long.class);

    private final ReactiveRedisTemplate<byte[], byte[]> redis;
    private final Duration ttl;
    private final Duration shownTtl;

    /// @param ttl of a user's sessions without a beat
    /// @param shownTtl of the presence last announced
    RedisPresenceStore(ReactiveRedisConnectionFactory connections, Duration ttl, Duration shownTtl) {
        this.redis = new ReactiveRedisTemplate<>(connections, RedisSerializationContext.byteArray());
        this.ttl = ttl;
        this.shownTtl = shownTtl;
    }

    @Override
    public Mono<Boolean> save(
            long user, Collection<SessionState> sessions, Duration lives, Optional<ShownPresence> lastShown) {
        var args = new ArrayList<byte[]>();
        args.add(decimal(ttl.toMillis()));
        args.add(decimal(lives.toMillis()));
        args.add(bytes(lastShown.map(last -> fingerprint(last.presence())).orElse("")));
        for (SessionState state : sessions) {
            args.add(decimal(state.session()));
            args.add(decimal(state.version()));
            args.add(state.toStored().toByteArray());
        }
        var members =
                sessions.stream().map(state -> member(user, state.session())).toList();
        return redis.execute(SAVE, List.of(key("pres:", user), key("pres:last:", user)), args)
                .next()
                .flatMap(conflict -> saveDue(user, members, lives.toMillis()).thenReturn(conflict == 1));
    }

    private Mono<Long> saveDue(long user, List<byte[]> members, long livesMillis) {
        var args = new ArrayList<byte[]>();
        args.add(decimal(livesMillis));
        args.add(decimal(shownTtl.toMillis()));
        args.addAll(members);
        return redis.execute(SAVE_DUE, List.of(dueKey(PresenceStore.bucket(user))), args)
                .next();
    }

    @Override
    public Mono<Boolean> removeSessions(long user, Collection<Long> sessions) {
        var members = sessions.stream().map(session -> member(user, session)).toArray(Object[]::new);
        var fields = sessions.stream().map(RedisPresenceStore::decimal).toArray(Object[]::new);
        return redis.opsForHash()
                .remove(key("pres:", user), fields)
                .flatMap(removed -> redis.opsForZSet()
                        .remove(dueKey(PresenceStore.bucket(user)), members)
                        .thenReturn(removed > 0));
    }

    @Override
    public Mono<StoredUser> load(long user) {
        return redis.execute(LOAD, List.of(key("pres:", user), key("pres:last:", user)), List.of())
                .next()
                .map(RedisPresenceStore::stored);
    }

    @Override
    public Mono<Void> saveShown(long user, ShownPresence shown) {
        return redis.execute(
                        SAVE_SHOWN,
                        List.of(key("pres:last:", user)),
                        List.of(
                                bytes(fingerprint(shown.presence())),
                                decimal(shown.version()),
                                shown.presence().toProto(user, shown.version()).toByteArray(),
                                decimal(shownTtl.toMillis())))
                .then();
    }

    @Override
    public Mono<List<DueSession>> claimDue(int bucket, Duration claim, int max) {
        var args = List.of(decimal(claim.toMillis()), decimal(max));
        return redis.execute(CLAIM_DUE, List.of(dueKey(bucket)), args)
                .next()
                .map(members -> members.stream()
                        .map(RedisPresenceStore::due)
                        .flatMap(Optional::stream)
                        .toList());
    }

    @Override
    public Mono<Boolean> expire(DueSession due) {
        var bucket = dueKey(PresenceStore.bucket(due.user()));
        var member = member(due.user(), due.session());
        return redis.execute(EXPIRE, List.of(key("pres:", due.user())), List.of(decimal(due.session())))
                .next()
                .flatMap(livesMillis -> livesMillis == 0
                        ? redis.opsForZSet().remove(bucket, (Object) member).thenReturn(true)
                        : saveDue(due.user(), List.of(member), livesMillis).thenReturn(false));
    }

    private static StoredUser stored(List<byte[]> reply) {
        var sessions = new ArrayList<SessionState>();
        for (int i = 1; i + 1 < reply.size(); i += 2) {
            try {
                var entry = EncodedValue.read(reply.get(i + 1), 2);
                sessions.add(SessionState.fromStored(
                        Long.parseUnsignedLong(text(reply.get(i))),
                        entry.number(0),
                        dev.guildcast.delivery.v1.Presence.parseFrom(entry.body())));
            } catch (InvalidProtocolBufferException | NumberFormatException e) {
                // Not written by this service: treated as missing, so the next beat writes it again.
            }
        }
        return new StoredUser(sessions, lastShown(reply.getFirst()));
    }

    private static Optional<ShownPresence> lastShown(byte[] value) {
        if (value.length == 0) {
            return Optional.empty();
        }
        try {
            var entry = EncodedValue.read(value, 2);
            return Optional.of(
                    new ShownPresence(Presence.fromProto(UserPresence.parseFrom(entry.body())), entry.number(1)));
        } catch (InvalidProtocolBufferException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// A checksum of the visible parts: equal for presences that differ only in timestamps, ids and versions.
    private static String fingerprint(Presence presence) {
        var appearance = new StringBuilder(presence.status().publicText());
        presence.activities().forEach(activity -> appearance.append(activity.core()));
        appearance.append(presence.clientStatus());
        var crc = new CRC32C();
        crc.update(ByteBuffer.wrap(bytes(appearance.toString())));
        return Long.toString(crc.getValue());
    }

    /// Empty for a member that this service has not written.
    private static Optional<DueSession> due(byte[] member) {
        String text = text(member);
        int colon = text.indexOf(':');
        try {
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new DueSession(
                            Long.parseUnsignedLong(text, 0, colon, 10),
                            Long.parseUnsignedLong(text, colon + 1, text.length(), 10)));
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }

    private static byte[] member(long user, long session) {
        return bytes(Long.toUnsignedString(user) + ":" + Long.toUnsignedString(session));
    }

    private static byte[] key(String prefix, long user) {
        return bytes(prefix + "{" + Long.toUnsignedString(user) + "}");
    }

    private static byte[] dueKey(int bucket) {
        return bytes("pres:due:{" + bucket + "}");
    }

    private static byte[] decimal(long value) {
        return bytes(Long.toUnsignedString(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static <T> RedisScript<T> script(String file, Class<T> result) {
        return RedisScripts.load(RedisPresenceStore.class, file, result);
    }

    private static RedisScript<List<byte[]>> listScript(String file) {
        return RedisScripts.loadReturningList(RedisPresenceStore.class, file);
    }

    /// A value: decimal numbers, each followed by a space, then a body.
    private record EncodedValue(long[] numbers, byte[] body) {
        static EncodedValue read(byte[] value, int numberCount) {
            var numbers = new long[numberCount];
            int start = 0;
            for (int i = 0; i < numberCount; i++) {
                int end = start;
                while (end < value.length && value[end] != ' ') {
                    end++;
                }
                numbers[i] = Long.parseLong(new String(value, start, end - start, StandardCharsets.US_ASCII));
                start = end + 1;
            }
            return new EncodedValue(numbers, Arrays.copyOfRange(value, start, value.length));
        }

        long number(int index) {
            return numbers[index];
        }
    }
}
