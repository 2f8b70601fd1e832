package dev.guildcast.presence.liveness;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.presence.Presence;
import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.v1.UserPresence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// [PresenceStore] on Redis: `pres:{user}`, `pres:last:{user}` and `pres:due:{bucket}`. The keys of one script share a
/// slot, so that a Redis Cluster serves it; every key has a time to live.
///
/// Values are bytes: a decimal head that the scripts compare, then a protobuf message they do not read.
final class RedisPresenceStore implements PresenceStore {
    private static final RedisScript<Long> KEEP = script("keep.lua", Long.class);
    private static final RedisScript<List<byte[]>> LOAD = listScript("load.lua");
    private static final RedisScript<Long> SHOWN = script("shown.lua", Long.class);
    private static final RedisScript<List<byte[]>> CLAIM_DUE = listScript("claim-due.lua");
    private static final RedisScript<Long> EXPIRE = script("expire.lua", Long.class);

    private final ReactiveRedisTemplate<byte[], byte[]> redis;
    private final Duration ttl;
    private final Duration shownTtl;

    /// @param ttl of a user's sessions without a beat
    /// @param shownTtl of what was last shown
    RedisPresenceStore(ReactiveRedisConnectionFactory connections, Duration ttl, Duration shownTtl) {
        this.redis = new ReactiveRedisTemplate<>(connections, RedisSerializationContext.byteArray());
        this.ttl = ttl;
        this.shownTtl = shownTtl;
    }

    @Override
    public Mono<Boolean> keep(long user, Collection<SessionState> sessions, Instant until, Optional<Shown> shown) {
        var args = new ArrayList<byte[]>();
        args.add(number(ttl.toMillis()));
        args.add(number(until.toEpochMilli()));
        args.add(bytes(shown.map(last -> mark(last.presence())).orElse("")));
        for (SessionState state : sessions) {
            args.add(number(state.session()));
            args.add(number(state.version()));
            args.add(state.stored().toByteArray());
        }
        var bucket = dueKey(PresenceStore.bucket(user));
        return redis.execute(KEEP, List.of(key("pres:", user), key("pres:last:", user)), args)
                .next()
                .flatMap(differs -> Flux.fromIterable(sessions)
                        .concatMap(state ->
                                redis.opsForZSet().add(bucket, member(user, state.session()), until.toEpochMilli()))
                        .then(redis.expire(bucket, shownTtl))
                        .thenReturn(differs == 1));
    }

    @Override
    public Mono<Boolean> remove(long user, Collection<Long> sessions) {
        var members = sessions.stream().map(session -> member(user, session)).toArray(Object[]::new);
        var fields = sessions.stream().map(RedisPresenceStore::number).toArray(Object[]::new);
        return redis.opsForHash()
                .remove(key("pres:", user), fields)
                .flatMap(removed -> redis.opsForZSet()
                        .remove(dueKey(PresenceStore.bucket(user)), members)
                        .thenReturn(removed > 0));
    }

    @Override
    public Mono<Stored> load(long user, Instant now) {
        return redis.execute(LOAD, List.of(key("pres:", user), key("pres:last:", user)), List.of())
                .next()
                .map(answer -> stored(answer, now.toEpochMilli()));
    }

    @Override
    public Mono<Void> shown(long user, Shown shown) {
        return redis.execute(
                        SHOWN,
                        List.of(key("pres:last:", user)),
                        List.of(
                                bytes(mark(shown.presence())),
                                number(shown.version()),
                                shown.presence().toProto(user, shown.version()).toByteArray(),
                                number(shownTtl.toMillis())))
                .then();
    }

    @Override
    public Mono<List<Due>> claimDue(int bucket, Instant now, Instant claimedUntil, int max) {
        var args = List.of(number(now.toEpochMilli()), number(claimedUntil.toEpochMilli()), number(max));
        return redis.execute(CLAIM_DUE, List.of(dueKey(bucket)), args)
                .next()
                .map(members -> members.stream().map(RedisPresenceStore::due).toList());
    }

    @Override
    public Mono<Boolean> expire(Due due, Instant now) {
        var bucket = dueKey(PresenceStore.bucket(due.user()));
        var member = member(due.user(), due.session());
        return redis.execute(
                        EXPIRE,
                        List.of(key("pres:", due.user())),
                        List.of(number(due.session()), number(now.toEpochMilli())))
                .next()
                .flatMap(until -> until == 0
                        ? redis.opsForZSet().remove(bucket, (Object) member).thenReturn(true)
                        : redis.opsForZSet().add(bucket, member, until).thenReturn(false));
    }

    private static Stored stored(List<byte[]> answer, long nowMillis) {
        var sessions = new ArrayList<SessionState>();
        for (int i = 1; i + 1 < answer.size(); i += 2) {
            var entry = Entry.read(answer.get(i + 1), 2);
            try {
                if (entry.head(1) > nowMillis) {
                    sessions.add(SessionState.restored(
                            Long.parseUnsignedLong(text(answer.get(i))),
                            entry.head(0),
                            dev.guildcast.delivery.v1.Presence.parseFrom(entry.body())));
                }
            } catch (InvalidProtocolBufferException e) {
                // A stranger's value: as if the session were not stored, so the next beat writes it anew.
            }
        }
        return new Stored(sessions, lastShown(answer.getFirst()));
    }

    private static Optional<Shown> lastShown(byte[] value) {
        if (value.length == 0) {
            return Optional.empty();
        }
        var entry = Entry.read(value, 2);
        try {
            return Optional.of(new Shown(Presence.of(UserPresence.parseFrom(entry.body())), entry.head(1)));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /// Tells presences that look different apart, whatever their stamps and versions.
    private static String mark(Presence presence) {
        var looks = new StringBuilder(presence.status().shown());
        presence.activities().forEach(activity -> looks.append(activity.core()));
        looks.append(presence.clientStatus());
        var crc = new CRC32C();
        crc.update(ByteBuffer.wrap(bytes(looks.toString())));
        return Long.toString(crc.getValue());
    }

    private static Due due(byte[] member) {
        String text = text(member);
        int colon = text.indexOf(':');
        return new Due(
                Long.parseUnsignedLong(text, 0, colon, 10), Long.parseUnsignedLong(text, colon + 1, text.length(), 10));
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

    private static byte[] number(long value) {
        return bytes(Long.toUnsignedString(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static <T> RedisScript<T> script(String file, Class<T> result) {
        return RedisScript.of(new ClassPathResource(file, RedisPresenceStore.class), result);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static RedisScript<List<byte[]>> listScript(String file) {
        return (RedisScript) RedisScript.of(new ClassPathResource(file, RedisPresenceStore.class), List.class);
    }

    /// A value: decimal numbers, each followed by a blank, then a body.
    private record Entry(long[] heads, byte[] body) {
        static Entry read(byte[] value, int headCount) {
            var heads = new long[headCount];
            int start = 0;
            for (int i = 0; i < headCount; i++) {
                int end = start;
                while (end < value.length && value[end] != ' ') {
                    end++;
                }
                heads[i] = Long.parseLong(new String(value, start, end - start, StandardCharsets.US_ASCII));
                start = end + 1;
            }
            return new Entry(heads, Arrays.copyOfRange(value, start, value.length));
        }

        long head(int index) {
            return heads[index];
        }
    }
}
