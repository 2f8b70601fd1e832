package dev.guildcast.session.shard;

import static dev.guildcast.session.testing.TestRecords.attached;
import static dev.guildcast.session.testing.TestRecords.close;
import static dev.guildcast.session.testing.TestRecords.deliver;
import static dev.guildcast.session.testing.TestRecords.direct;
import static dev.guildcast.session.testing.TestRecords.joined;
import static dev.guildcast.session.testing.TestRecords.left;
import static dev.guildcast.session.testing.TestRecords.members;
import static dev.guildcast.session.testing.TestRecords.number;
import static dev.guildcast.session.testing.TestRecords.of;
import static dev.guildcast.session.testing.TestRecords.open;
import static dev.guildcast.session.testing.TestRecords.presence;
import static dev.guildcast.session.testing.TestRecords.self;
import static dev.guildcast.session.testing.TestRecords.sharded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.dispatch.DispatchRenderer;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SessionCheckpointCodecTest {
    private static final long OWNER = 77;
    private static final int USERS = 4;

    @Test
    void aRestoredShardContinuesAsIfItHadNeverStopped() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int run = 0; run < 60; run++) {
            compare(seed + run);
        }
    }

    private static void compare(long seed) {
        var random = new Random(seed);
        var records = new ArrayList<SessionRecord>();
        var steady = machine();
        var moving = machine();
        var store = new TreeMap<String, byte[]>();
        long now = 1_700_000_000_000L;
        for (int i = 0; i < 400; i++) {
            now += random.nextInt(2_000);
            var at = new RecordContext(ShardId.session(0), i, now, null, OWNER);
            if (random.nextInt(12) == 0) {
                records.add(SessionRecord.getDefaultInstance());
                steady.onControlRecord(at);
                moving.onControlRecord(at);
            } else {
                var record = random(random, i);
                records.add(record);
                boolean ephemeral = record.hasDeliver() && random.nextInt(3) == 0;
                assertThat(outputs(moving, record, at, ephemeral))
                        .as("seed %d, record %d %s", seed, i, record.getRecordCase())
                        .isEqualTo(outputs(steady, record, at, ephemeral));
            }
            if (random.nextInt(25) == 0) {
                moving.drainDirty().forEach((key, value) -> {
                    assertThat(key).doesNotStartWith("#").hasSizeLessThan(200);
                    if (value == null) {
                        store.remove(key);
                    } else {
                        store.put(key, value);
                    }
                });
                var restored = machine();
                store.forEach(restored::restore);
                restored.onRestored();
                moving = restored;
            }
            assertThat(state(moving, records))
                    .as("seed %d after record %d", seed, i)
                    .isEqualTo(state(steady, records));
        }
    }

    @Test
    void onlyDirtyEntitiesAreWritten() {
        var machine = machine();
        var at = new RecordContext(ShardId.session(0), 5, 1_000, null, OWNER);
        outputs(machine, of(open(OWNER, 1, 1)), at, false);
        assertThat(machine.drainDirty()).containsOnlyKeys("s/5");
        assertThat(machine.drainDirty()).isEmpty();
        machine.onControlRecord(new RecordContext(ShardId.session(0), 6, 2_000, null, OWNER));
        assertThat(machine.drainDirty()).containsOnlyKeys("served");
        outputs(machine, close(OWNER, 5, 5), new RecordContext(ShardId.session(0), 7, 2_000, null, OWNER), false);
        assertThat(machine.drainDirty()).containsOnlyKeys("s/5").containsValue(null);
    }

    @Test
    void aUserWithoutGuildsIsForgotten() {
        var machine = machine();
        outputs(machine, joined(3L << 22, 9), new RecordContext(ShardId.session(0), 0, 1_000, null, OWNER), false);
        assertThat(machine.drainDirty()).containsOnlyKeys("u/9").doesNotContainValue(null);
        outputs(machine, left(3L << 22, 9), new RecordContext(ShardId.session(0), 1, 1_000, null, OWNER), false);
        assertThat(machine.drainDirty()).containsOnlyKeys("u/9").containsValue(null);
    }

    @Test
    void anUnreadableEntityIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> machine().restore("s/1", new byte[] {1, 2, 3}));
        assertThatIllegalStateException().isThrownBy(() -> machine().restore("x", new byte[0]));
    }

    private static SessionShard machine() {
        return new SessionShard(ShardId.session(0), new Topology(4, 1, 1, 1), Duration.ofSeconds(40), 16);
    }

    private static SessionRecord random(Random random, int i) {
        long nonce = random.nextInt(10) == 0 ? 1 : OWNER;
        long session = random.nextInt(i + 1);
        long guild = (long) (1 + random.nextInt(5)) << 22;
        long user = 1 + random.nextInt(USERS);
        var number = number(session, 1 + random.nextInt(6), 1 + random.nextInt(3));
        return switch (random.nextInt(14)) {
            case 0, 1 -> {
                var open = open(nonce, 1 + random.nextInt(12), user)
                        .setIntents(random.nextBoolean() ? Intents.KNOWN : Intents.GUILD_MESSAGES);
                yield of(random.nextInt(3) == 0 ? sharded(open, new ClientShard(random.nextInt(2), 2)) : open);
            }
            case 2 -> attached(nonce, session, 1 + random.nextInt(6));
            case 3 -> close(nonce, session, random.nextBoolean() ? i : session);
            case 4, 5 -> joined(guild, user, 1 + random.nextInt(USERS));
            case 6 -> left(guild, user);
            case 7 -> direct("{\"n\":" + i + "}", random.nextBoolean(), random.nextBoolean() ? 0 : 1, user);
            case 8 -> presence(nonce, number, "s" + i);
            case 9 -> members(nonce, number, guild);
            case 10 -> self(nonce, number);
            default -> {
                long[] all = random.longs(4, 0, i + 1L).distinct().sorted().toArray();
                yield deliver(guild, "EVENT", "{\"n\":" + i + "}", all);
            }
        };
    }

    private static List<String> outputs(SessionShard machine, SessionRecord record, RecordContext at, boolean lane) {
        var all = new ArrayList<String>();
        var out = new Outputs() {
            @Override
            public void emit(ShardId target, Output output) {
                all.add(target + " " + HexFormat.of().formatHex(output.encode(Origin.getDefaultInstance())));
            }

            @Override
            public void barrier() {
                all.add("barrier");
            }

            @Override
            public void deadLetter(String reason) {
                all.add(reason);
            }
        };
        var applied = lane ? machine.applyFromEphemeral(record, at, out) : machine.apply(record, at, out);
        applied.dispatches().forEach(each -> all.add(each.session().offset() + " s " + each.sequence()));
        return all;
    }

    // The whole observable state of a shard, replays included.
    private static Map<String, String> state(SessionShard machine, List<SessionRecord> records) {
        var state = new LinkedHashMap<String, String>();
        for (var session : machine.sessions().all()) {
            var ring = machine.ring(session);
            state.put("session " + session.offset(), HexFormat.of().formatHex(SessionCheckpointCodec.encode(session)));
            for (int s = ring.firstSequence(); s <= ring.lastSequence(); s++) {
                var dispatch = DispatchRenderer.render(records.get((int) ring.offset(s)), session);
                state.put(
                        session.offset() + "/" + s,
                        dispatch.type() + dispatch.data().toStringUtf8());
            }
        }
        for (long user = 1; user <= USERS; user++) {
            state.put("user " + user, Arrays.toString(machine.guilds(user)));
            state.put(
                    "sessions of " + user,
                    machine.sessions().ofUser(user).stream()
                            .map(each -> each.offset() + "")
                            .toList()
                            .toString());
        }
        return state;
    }
}
