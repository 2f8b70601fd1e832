package dev.guildcast.fanout.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.fanout.audience.Recipients;
import dev.guildcast.fanout.audience.Subscription;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeliveryBatcherTest {
    private static final int MAX = 20_000;

    private final List<byte[]> records = new ArrayList<>();
    private final List<String> deadLetters = new ArrayList<>();
    private final Outputs out = new Outputs() {
        @Override
        public void emit(ShardId target, Output output) {
            records.add(output.encode(Origin.newBuilder().setOffset(1).build()));
        }

        @Override
        public void barrier() {}

        @Override
        public void deadLetter(String reason) {
            deadLetters.add(reason);
        }
    };
    private final DeliveryBatcher batcher = new DeliveryBatcher(MAX, FanoutCounters.NONE);

    @Test
    void moreRecipientsThanARecordHoldsGoIntoFurtherRecordsEachOnce() throws Exception {
        Group few = group(1, 2, 3);
        Group many =
                group(LongStream.range(0, 9000).map(i -> 1_000_000 + i * 977).toArray());
        deliver(ByteString.copyFrom(new byte[9000]), few, many);
        assertThat(records.size()).isGreaterThan(1);
        var offsets = new ArrayList<Long>();
        for (byte[] record : records) {
            assertThat(record.length).isLessThanOrEqualTo(MAX);
            var deliver = SessionRecord.parseFrom(record).getDeliver();
            assertThat(deliver.getPayloadsList()).hasSize(1);
            for (Group group : deliver.getGroupsList()) {
                long at = 0;
                for (long delta : group.getRecipientsList()) {
                    at += delta;
                    offsets.add(at);
                }
            }
        }
        assertThat(offsets).hasSize(9003).doesNotHaveDuplicates().startsWith(1L, 2L, 3L, 1_000_000L);
    }

    @Test
    void aPayloadLargerThanARecordIsADeadLetterAndInvalid() {
        var tooLarge = ByteString.copyFrom(new byte[MAX]);
        deliver(tooLarge, group(1));
        assertThat(records).isEmpty();
        assertThat(deadLetters).hasSize(1);
        assertThat(deadLetters.getFirst()).contains("exceeds a record");
        assertThatThrownBy(() -> batcher.validate(tooLarge, ByteString.EMPTY))
                .isInstanceOf(RecordRejectedException.class)
                .hasMessageContaining("exceeds a record");
        batcher.validate(ByteString.copyFrom(new byte[100]), ByteString.EMPTY);
    }

    @Test
    void aRecordHoldsOnlyThePayloadsItUses() throws Exception {
        batcher.deliver(
                out,
                1,
                "T",
                ByteString.copyFromUtf8("full"),
                ByteString.copyFromUtf8("free"),
                Map.of(
                        0, new Recipients.OfShard(List.of(), List.of(List.of(group(5), group(5)))),
                        1, new Recipients.OfShard(List.of(group(6)), List.of())));
        for (byte[] record : records) {
            var deliver = SessionRecord.parseFrom(record).getDeliver();
            assertThat(deliver.getPayloadsList()).hasSize(1);
            assertThat(deliver.getGroups(0).getPayload()).isZero();
        }
    }

    private void deliver(ByteString payload, Group... groups) {
        batcher.deliver(
                out, 1, "T", payload, ByteString.EMPTY, Map.of(0, new Recipients.OfShard(List.of(groups), List.of())));
    }

    private static Group group(long... offsets) {
        return Recipients.group(
                LongStream.of(offsets)
                        .mapToObj(offset -> new Subscription(0, offset, 1, 0, 0, true))
                        .toList(),
                0);
    }
}
