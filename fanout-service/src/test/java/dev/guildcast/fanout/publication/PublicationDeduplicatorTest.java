package dev.guildcast.fanout.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.PublisherState;
import dev.guildcast.fanout.publication.PublicationDeduplicator.PublicationStatus;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.EntityKey;
import dev.guildcast.fanout.view.RecordRejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationDeduplicatorTest {
    private final DirtyEntities touched = new DirtyEntities();
    private final PublicationDeduplicator publishers = new PublicationDeduplicator(touched::mark);
    private long offset;
    private long nowMillis = 1_700_000_000_000L;
    /// Between two publications: by default all earlier names may be evicted.
    private long stepMillis = PublicationDeduplicator.KEPT_MILLIS;

    @Test
    void anAccountThatUsesTooManyNamesForgetsItsOldestAndNoOther() {
        publish("shop/0", 1);
        publish("chat", 1);
        for (int i = 1; i <= PublicationDeduplicator.NAMES_MAX; i++) {
            publish("shop/" + i, 1);
        }
        assertThat(publish("shop/1", 1)).isEqualTo(PublicationStatus.DUPLICATE);
        assertThat(publish("chat", 1)).isEqualTo(PublicationStatus.DUPLICATE);
        assertThat(publish("shop/0", 1)).isEqualTo(PublicationStatus.NEW);
        assertThat(publish("shop/1", 1))
                .as("the oldest by then; a duplicate does not make it newer")
                .isEqualTo(PublicationStatus.NEW);
    }

    @Test
    void theMostRecentPublisherIsKept() {
        for (int i = 0; i < PublicationDeduplicator.NAMES_MAX; i++) {
            publish("shop/" + i, 1);
        }
        publish("shop/0", 2);
        publish("shop/new", 1);
        assertThat(publish("shop/0", 2)).isEqualTo(PublicationStatus.DUPLICATE);
        assertThat(publish("shop/1", 1)).isEqualTo(PublicationStatus.NEW);
    }

    @Test
    void theAccountThatWasSilentLongestIsForgottenWithAllItsNames() {
        publish("old/a", 1);
        publish("old/b", 1);
        for (int i = 1; i < PublicationDeduplicator.ACCOUNTS_MAX; i++) {
            publish("account" + i, 1);
        }
        touched.drain();
        publish("one-more", 1);
        assertThat(touched.drain()).extracting(EntityKey::name).containsExactlyInAnyOrder("one-more", "old/a", "old/b");
        assertThat(publishers.entity("old/a")).isNull();
        assertThat(publish("account1", 1)).isEqualTo(PublicationStatus.DUPLICATE);
    }

    @Test
    void aRestoredOneForgetsInTheSameOrder() {
        for (int i = 0; i < PublicationDeduplicator.NAMES_MAX; i++) {
            publish("shop/" + i * 37 % PublicationDeduplicator.NAMES_MAX, 1);
        }
        var keys = touched.drain();
        var restored = new PublicationDeduplicator(changed -> {});
        for (var key : keys) {
            var entity = publishers.entity(key.name());
            assertThat(entity).isNotNull();
            restored.restore(entity.getPublisher());
        }
        for (int i = 0; i < 10; i++) {
            nowMillis += stepMillis;
            publishers.accept(publication("shop/next" + i, 1), offset + i, nowMillis);
            restored.accept(publication("shop/next" + i, 1), offset + i, nowMillis);
        }
        for (var key : keys) {
            assertThat(restored.entity(key.name())).as(key.name()).isEqualTo(publishers.entity(key.name()));
        }
        assertThat(keys.stream().filter(key -> publishers.entity(key.name()) == null))
                .hasSize(10);
    }

    @Test
    void aNewNameIsRejectedRatherThanANameForgottenThatPublishedLately() {
        stepMillis = 1;
        for (int i = 0; i < PublicationDeduplicator.NAMES_MAX; i++) {
            publish("shop/" + i, 1);
        }
        assertThatThrownBy(() -> publish("shop/new", 1))
                .isInstanceOf(RecordRejectedException.class)
                .hasMessage("publisher account shop uses more than 256 names or 524288 bytes within 2 min");
        assertThat(publishers.entity("shop/new")).isNull();
        assertThat(publish("shop/0", 1)).isEqualTo(PublicationStatus.DUPLICATE);
        assertThat(publish("chat", 1)).as("another account").isEqualTo(PublicationStatus.NEW);
        nowMillis += PublicationDeduplicator.KEPT_MILLIS;
        assertThat(publish("shop/new", 1)).isEqualTo(PublicationStatus.NEW);
        assertThat(publish("shop/0", 1)).as("evicted").isEqualTo(PublicationStatus.NEW);
    }

    @Test
    void anAccountBeyondTheBoundIsRejectedWhileAllOthersPublishedLately() {
        stepMillis = 0;
        for (int i = 0; i < PublicationDeduplicator.ACCOUNTS_MAX; i++) {
            publish("account" + i, 1);
        }
        assertThatThrownBy(() -> publish("one-more", 1)).isInstanceOf(RecordRejectedException.class);
        assertThat(publish("account0", 1)).isEqualTo(PublicationStatus.DUPLICATE);
    }

    /// A part may be as high as 2^20, which is 128 KiB of bits: without a bound in bytes, one name could hold 128 MiB.
    @Test
    void partsAreBoundedInBytesAndFreedWhenTheWindowMovesOn() {
        stepMillis = 0;
        int accepted = 0;
        for (long sequence = 0; sequence < 100; sequence++) {
            try {
                publishers.accept(part(sequence, 1 << 20), offset++, nowMillis);
                accepted++;
            } catch (RecordRejectedException expected) {
                assertThat(expected).hasMessageContaining("524288 bytes");
            }
        }
        assertThat(accepted).isEqualTo(3);
        assertThat(publishers.accept(part(0, 1 << 20), offset++, nowMillis + 1))
                .as("a repeat needs no room")
                .isEqualTo(PublicationStatus.DUPLICATE);
        assertThat(publish("shop", 5000)).isEqualTo(PublicationStatus.NEW);
        assertThat(publishers.accept(part(5000, 1 << 20), offset++, nowMillis)).isEqualTo(PublicationStatus.NEW);
    }

    @ParameterizedTest
    @ValueSource(longs = {3976, 3000, 1, 0})
    void aPublisherThatRestartsItsCounterIsReportedAsTooOldAndNotAsARepeat(long sequence) {
        publish("chat", 5000);
        assertThat(publish("chat", sequence)).isEqualTo(PublicationStatus.TOO_OLD);
        assertThat(publish("chat", 3977)).as("late, inside the window").isEqualTo(PublicationStatus.NEW);
        assertThat(publish("chat", 3977)).isEqualTo(PublicationStatus.DUPLICATE);
        assertThat(publish("chat/restarted", sequence)).isEqualTo(PublicationStatus.NEW);
    }

    /// Such a record may lie in a log: it was accepted by an earlier version, or a backend wrote it itself.
    @ParameterizedTest
    @ValueSource(longs = {1L << 53, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aSequenceAboveTheBoundIsRejectedAtOnceAndLeavesTheWindowAsItWas(long sequence) {
        for (long before : new long[] {-1, 5, EventCatalogue.SEQUENCE_MAX}) {
            String name = "chat/" + before;
            if (before >= 0) {
                publish(name, before);
            }
            assertThatThrownBy(() -> publish(name, sequence))
                    .isInstanceOf(RecordRejectedException.class)
                    .hasMessageContaining(Long.toUnsignedString(sequence))
                    .hasMessageContaining("9007199254740991");
            assertThat(publish(name, Math.max(before, 0)))
                    .isEqualTo(before < 0 ? PublicationStatus.NEW : PublicationStatus.DUPLICATE);
        }
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theHighestSequenceIsAcceptedFromAnyWindow() {
        publish("chat", 0);
        assertThat(publish("chat", EventCatalogue.SEQUENCE_MAX - 1)).isEqualTo(PublicationStatus.NEW);
        assertThat(publish("chat", EventCatalogue.SEQUENCE_MAX)).isEqualTo(PublicationStatus.NEW);
        assertThat(publish("new", EventCatalogue.SEQUENCE_MAX)).isEqualTo(PublicationStatus.NEW);
        assertThat(publish("new", EventCatalogue.SEQUENCE_MAX)).isEqualTo(PublicationStatus.DUPLICATE);
    }

    @Test
    void aCheckpointedWindowAboveTheBoundIsForgottenSinceNothingItRemembersCanComeAgain() {
        publishers.restore(PublisherState.newBuilder()
                .setPublisher("chat")
                .setHighest(Long.MAX_VALUE)
                .build());
        assertThat(publish("chat", 1)).isEqualTo(PublicationStatus.NEW);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129})
    void aNameOutsideTheBoundsIsRejected(int length) {
        assertThatThrownBy(() -> publish("x".repeat(length), 1)).isInstanceOf(RecordRejectedException.class);
    }

    private PublicationStatus publish(String name, long sequence) {
        nowMillis += stepMillis;
        return publishers.accept(publication(name, sequence), offset++, nowMillis);
    }

    private static Publication part(long sequence, int part) {
        return publication("shop", sequence).toBuilder().setPart(part).build();
    }

    private static Publication publication(String name, long sequence) {
        return Publication.newBuilder().setPublisher(name).setSequence(sequence).build();
    }
}
