package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.fanout.delivery.FanoutCounters;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class UserShardTest {
    private static final Topology TOPOLOGY = Topology.SMALLEST;

    private final Map<ShardId, SessionRecord> out = new TreeMap<>();
    private final List<String> deadLetters = new ArrayList<>();
    private UserShard shard = new UserShard(TOPOLOGY, FanoutCounters.NONE);

    @Test
    void anEventGoesToTheSessionShardsOfItsUsersAndSessions() {
        var event = UserEvent.newBuilder()
                .setType("MESSAGE_CREATE")
                .addUsers(1)
                .addUsers(2)
                .addUsers(3)
                .addUsers(2)
                .addSessions(SessionRef.newBuilder().setShard(3).setOffset(77))
                .setShardZeroOnly(true)
                .setIntents(4096)
                .setPayload(json("{'a':1}"));
        apply(event);
        var users = new ArrayList<Long>();
        out.forEach((target, record) -> {
            var deliver = record.getUserDeliver();
            assertThat(deliver.getType()).isEqualTo("MESSAGE_CREATE");
            assertThat(deliver.getShardZeroOnly()).isTrue();
            assertThat(deliver.getIntents()).isEqualTo(4096);
            assertThat(deliver.getData().toStringUtf8()).isEqualTo("{\"a\":1}");
            deliver.getUsersList()
                    .forEach(user -> assertThat(TOPOLOGY.sessionShard(user)).isEqualTo(target));
            users.addAll(deliver.getUsersList());
        });
        assertThat(users).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(out.get(ShardId.session(3)).getUserDeliver().getSessionOffsetsList())
                .containsExactly(77L);
    }

    @Test
    void anEventWithoutRecipientsOrForAnUnknownShardIsRejected() {
        assertThatThrownBy(() -> apply(UserEvent.newBuilder().setType("X")))
                .isInstanceOf(RecordRejectedException.class);
        assertThatThrownBy(() -> apply(UserEvent.newBuilder()
                        .setType("X")
                        .addUsers(1)
                        .addSessions(SessionRef.newBuilder().setShard(4))))
                .isInstanceOf(RecordRejectedException.class);
        assertThatThrownBy(() -> apply(UserEvent.newBuilder().addUsers(1))).isInstanceOf(RecordRejectedException.class);
        assertThat(out).isEmpty();
    }

    @Test
    void aDuplicateIsDroppedAlsoAfterARestore() {
        apply(marked(5));
        assertThat(out).hasSize(1);
        out.clear();
        apply(marked(5));
        assertThat(out).isEmpty();
        var checkpoint = shard.drainDirty();
        shard = new UserShard(TOPOLOGY, FanoutCounters.NONE);
        checkpoint.forEach((key, value) -> {
            assertThat(key.length()).isLessThanOrEqualTo(200);
            if (value != null) {
                shard.restore(key, value);
            }
        });
        shard.onRestored();
        apply(marked(5));
        assertThat(out).isEmpty();
        apply(marked(4));
        assertThat(out).hasSize(1);
        out.clear();
        apply(marked(3000));
        out.clear();
        apply(marked(6));
        assertThat(out).isEmpty();
        assertThat(deadLetters).hasSize(1);
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRestartedCounterAndASequenceAboveTheBoundAreDeadLetters() {
        apply(marked(5000));
        out.clear();
        apply(marked(1));
        assertThat(deadLetters).containsExactly("publication is older than its publisher's window");
        assertThatThrownBy(() -> apply(marked(Long.MAX_VALUE)))
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("9223372036854775807");
        assertThat(out).isEmpty();
        apply(marked(5001));
        assertThat(out).hasSize(1);
    }

    private static UserEvent.Builder marked(long sequence) {
        return UserEvent.newBuilder()
                .setType("X")
                .addUsers(1)
                .setPublication(Publication.newBuilder().setPublisher("p").setSequence(sequence));
    }

    private void apply(UserEvent.Builder event) {
        shard.apply(
                UserRecord.newBuilder().setEvent(event).build(),
                new RecordContext(ShardId.user(0), 0, 0, null, 1),
                new Outputs() {
                    @Override
                    public void emit(ShardId target, Output output) {
                        try {
                            out.put(target, SessionRecord.parseFrom(output.encode(Origin.getDefaultInstance())));
                        } catch (com.google.protobuf.InvalidProtocolBufferException bug) {
                            throw new AssertionError(bug);
                        }
                    }

                    @Override
                    public void barrier() {}

                    @Override
                    public void deadLetter(String reason) {
                        deadLetters.add(reason);
                    }
                });
    }
}
