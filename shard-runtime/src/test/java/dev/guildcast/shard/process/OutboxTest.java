package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final ShardId TARGET = ShardId.session(2);

    private final Outbox outbox = new Outbox(ShardId.guild(3), 2);
    private final List<Outbox.OutboxEntry> sent = new ArrayList<>();
    private final List<Origin> origins = new ArrayList<>();

    @Test
    void sendsNoMoreThanMayBeInFlight() {
        add(1);
        add(2);
        add(3);
        pump();
        assertThat(offsets()).containsExactly(1L, 2L);
        outbox.onAcknowledged(sent.getFirst());
        pump();
        assertThat(offsets()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void sendsNothingPastABarrierBeforeAllAheadOfItIsAcknowledged() {
        add(1);
        outbox.addBarrier(1);
        add(2);
        pump();
        assertThat(offsets()).containsExactly(1L);
        outbox.onAcknowledged(sent.getFirst());
        pump();
        assertThat(offsets()).containsExactly(1L, 2L);
    }

    @Test
    void carriesItsSourcePositionAndPublicationTime() {
        outbox.add(7, TARGET, Origin::toByteArray, Lane.LOG, new OutputPosition(7, 1), new OutputPosition(7, 0), 1_234);
        pump();
        assertThat(origins)
                .containsExactly(Origin.newBuilder()
                        .setKind(ShardId.guild(3).protoKind())
                        .setShard(3)
                        .setOffset(7)
                        .setIndex(1)
                        .setPrevOffset(7)
                        .setPrevIndex(0)
                        .setPublishedMillis(1_234)
                        .build());
    }

    @Test
    void isAcknowledgedBelowARecordWhenEverythingBeforeItIsInAnyOrder() {
        add(1);
        add(2);
        assertThat(outbox.isAcknowledgedBelow(1)).isTrue();
        assertThat(outbox.isAcknowledgedBelow(2)).isFalse();
        pump();
        assertThat(outbox.isAcknowledgedBelow(2)).isFalse();
        outbox.onAcknowledged(sent.get(1));
        assertThat(outbox.isAcknowledgedBelow(2)).isFalse();
        outbox.onAcknowledged(sent.get(0));
        assertThat(outbox.isAcknowledgedBelow(3)).isTrue();
        assertThat(outbox.size()).isZero();
    }

    @Test
    void aFollowerForgetsWhatTheOwnerSentAndKeepsTheRest() {
        add(1);
        outbox.addBarrier(1);
        add(2);
        long both = outbox.queuedBytes();
        outbox.trimBelow(2);
        assertThat(outbox.size()).isEqualTo(1);
        assertThat(outbox.queuedBytes()).isEqualTo(both / 2);
        pump();
        assertThat(offsets()).containsExactly(2L);
        assertThat(outbox.queuedBytes()).isZero();
    }

    private void add(long offset) {
        outbox.add(
                offset,
                TARGET,
                Origin::toByteArray,
                Lane.LOG,
                new OutputPosition(offset, 0),
                new OutputPosition(offset - 1, 0),
                0);
    }

    private void pump() {
        outbox.pump((entry, target, record) -> {
            assertThat(target).isEqualTo(TARGET);
            sent.add(entry);
            try {
                origins.add(Origin.parseFrom(record));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        });
    }

    private List<Long> offsets() {
        return origins.stream().map(Origin::getOffset).toList();
    }
}
